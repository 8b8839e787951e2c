/** How the mirror is kept up to date: each change is saved at once; who may not change it, reads it. */
import { Radio, SegmentedControl, Slider, Stack } from '@mantine/core';
import { useState } from 'react';
import { Note } from '@/components/note/note';
import { Section } from '@/components/page/section';
import { formatShare, formatStamp, formatWhen } from '@/lib/format';
import { useNow } from '@/lib/now';
import type { CurrentStatus } from '@/lib/queries/sync-state';
import { tellError } from '@/lib/toast';
import { type Configuration, type ConfigurationChange, useConfigure } from '../api/queries';
import classes from './configuration-section.module.css';

const MANUAL = 'manual';
const INTERVALS = [
  { value: '15', label: '15 min' },
  { value: '30', label: '30 min' },
  { value: '60', label: '60 min' },
  { value: MANUAL, label: 'Manual only' },
] as const;
const MINUTES = { '15': 15, '30': 30, '60': 60, [MANUAL]: null } as const;

const MODES = [
  {
    value: 'bidirectional',
    label: 'Bidirectional',
    description: 'CRM changes come in, local edits go out',
  },
  {
    value: 'crm_to_local',
    label: 'CRM to Local only',
    description: 'Nothing is written to the CRM. What waits is kept, new edits are refused',
  },
  {
    value: 'local_to_crm',
    label: 'Local to CRM only',
    description: 'Pulls pause and keep their cursor. Edits still go out',
  },
] as const;

type ConfigurationSectionProps = {
  stored: Configuration;
  current: CurrentStatus | undefined;
  mayChange: boolean;
};

export function ConfigurationSection({ stored, current, mayChange }: ConfigurationSectionProps) {
  const configure = useConfigure();
  const change = (wanted: ConfigurationChange): void => {
    configure.mutate(wanted, {
      onError: (error) => {
        tellError(error, 'The configuration was not saved.');
      },
    });
  };
  return (
    <Section title="Sync configuration" {...(mayChange && { hint: 'saved at once' })}>
      {!mayChange && (
        <div className={classes.locked}>
          <Note kind="locked">You can read this, not change it. Admins set interval and mode.</Note>
        </div>
      )}
      <div className={classes.group} data-first>
        <span className={classes.label} id="auto-sync-interval">
          Auto sync interval
        </span>
        <SegmentedControl
          aria-labelledby="auto-sync-interval"
          data={[...INTERVALS]}
          value={String(stored.interval_minutes ?? MANUAL)}
          disabled={!mayChange}
          onChange={(value) => {
            change({ interval_minutes: MINUTES[value as keyof typeof MINUTES] });
          }}
        />
      </div>
      <Radio.Group
        className={classes.group ?? ''}
        label="Sync mode"
        classNames={{ label: classes.label ?? '' }}
        value={stored.mode}
        onChange={(value) => {
          change({ mode: value });
        }}
      >
        <Stack gap={10} mt={8}>
          {MODES.map((mode) => (
            <Radio key={mode.value} {...mode} disabled={!mayChange && mode.value !== stored.mode} />
          ))}
        </Stack>
      </Radio.Group>
      <Share
        key={stored.scheduled_share}
        stored={stored.scheduled_share}
        mayChange={mayChange}
        onChange={(share) => {
          change({ scheduled_share: share });
        }}
      />
      {current && <NextSync current={current} />}
    </Section>
  );
}

type ShareProps = { stored: number; mayChange: boolean; onChange: (share: number) => void };

function Share({ stored, mayChange, onChange }: ShareProps) {
  const [percent, setPercent] = useState(Math.round(stored * 100));
  return (
    <div className={classes.group}>
      <div className={classes.row}>
        <span className={classes.label}>Scheduled work may use</span>
        <strong>{formatShare(percent / 100, 0)} of credits</strong>
      </div>
      {mayChange ? (
        <Slider
          className={classes.slider ?? ''}
          thumbLabel="Share of the credits that scheduled work may use"
          label={null}
          size={4}
          color="ink"
          min={5}
          max={100}
          step={5}
          value={percent}
          onChange={setPercent}
          onChangeEnd={(value) => {
            onChange(value / 100);
          }}
        />
      ) : (
        <div className={classes.bar} aria-hidden>
          <span className={classes.fill} style={{ width: `${percent}%` }} />
        </div>
      )}
    </div>
  );
}

function NextSync({ current }: { current: CurrentStatus }) {
  const now = useNow('minute');
  const { next_sync_at: at, next_sync_hold: hold, next_sync_reason: reason } = current;
  return (
    <div className={`${classes.group ?? ''} ${classes.row ?? ''}`}>
      <span className={classes.label}>Next scheduled sync</span>
      <strong className={classes.next}>
        {at === null ? (
          reason
        ) : (
          <>
            <time dateTime={at} title={formatStamp(new Date(at))}>
              {formatWhen(new Date(at), now)}
            </time>
            {hold === 'running' && ', after this one'}
            {hold === 'budget_spent' && ', when credits are back'}
          </>
        )}
      </strong>
    </div>
  );
}
