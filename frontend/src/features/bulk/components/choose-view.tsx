/** A custom view of the CRM: its records, as the CRM counts them then. */
import { Select, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { QueryPanel } from '@/components/panel/query-panel';
import { viewsQuery } from '../api/bulk';
import classes from './choose-step.module.css';

type ChooseViewProps = { chosen: string | null; onChoose: (view: string | null) => void };

export function ChooseView({ chosen, onChoose }: ChooseViewProps) {
  const views = useQuery(viewsQuery);
  return (
    <div className={classes.narrow}>
      <QueryPanel
        query={views}
        failed="The views of the CRM could not be read"
        skeleton={<Skeleton height={54} />}
      >
        {(found) => (
          <Select
            label="Custom view"
            description="The CRM says which deals are in it when you see the preview."
            placeholder="Which view"
            data={found.views.map(({ id, name }) => ({ value: id, label: name }))}
            value={chosen}
            onChange={onChoose}
            searchable
            clearable
            nothingFoundMessage="No such view."
          />
        )}
      </QueryPanel>
    </div>
  );
}
