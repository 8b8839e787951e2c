/** Every stored setting with its meaning and bounds. One that the server gains appears by itself. */
import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { QueryPanel } from '@/components/panel/query-panel';
import { settingsQuery } from '../api/settings';
import { SettingRow } from './setting-row';
import classes from './setting-row.module.css';

export function SettingsTab() {
  const settings = useQuery(settingsQuery);
  return (
    <section aria-label="Settings">
      <QueryPanel
        query={settings}
        failed="The settings could not be read"
        minHeight={400}
        skeleton={[0, 1, 2, 3, 4].map((row) => (
          <Skeleton key={row} height={48} my={20} />
        ))}
      >
        {(items) => (
          <div className={classes.list}>
            {items.map((item) => (
              <SettingRow
                // A value that somebody else saved takes the place of what is shown.
                key={`${item.key} ${JSON.stringify(item.value)}`}
                item={item}
              />
            ))}
          </div>
        )}
      </QueryPanel>
    </section>
  );
}
