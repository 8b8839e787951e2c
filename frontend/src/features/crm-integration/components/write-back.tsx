/** How writing our own values goes: when, how many, what it costs, which deals took none. */
import { Anchor } from '@mantine/core';
import { Link } from 'react-router';
import { Note } from '@/components/note/note';
import { Moment } from '@/components/time/moment';
import { formatWhole } from '@/lib/format';
import type { OwnedFields } from '../api/custom-fields';
import classes from './custom-fields.module.css';

const deals = (count: number): string => (count === 1 ? '1 deal' : `${formatWhole(count)} deals`);

export function WriteBack({ found }: { found: OwnedFields }) {
  const told = found.write_back;
  const isAnyWritten = found.fields.some(({ fault, is_written: is }) => is && fault === null);
  if (!isAnyWritten) return null;
  return (
    <>
      {told.trouble !== null && (
        <div className={classes.notes}>
          <Note kind="warning">{told.trouble}</Note>
        </div>
      )}
      <p className={classes.foot}>
        {!told.is_on
          ? 'Writing back is switched off in Administration.'
          : told.is_paused_by_mode
            ? 'Sync mode is CRM to local: nothing is written to the CRM.'
            : `${deals(told.records_written)} hold values of ours. Only what changed is written.`}{' '}
        {told.last_at !== null && (
          <>
            Last written <Moment at={told.last_at} as="when" />, {formatWhole(told.credits_today)}
            {told.credits_allowed !== null && ` of ${formatWhole(told.credits_allowed)}`} credits in
            24 hours.
          </>
        )}
      </p>
      {told.skipped > 0 && (
        <div className={classes.foot}>
          {deals(told.skipped)} took none and will be tried again:
          <ul className={classes.skips}>
            {told.skips.slice(0, 5).map((skip) => (
              <li key={skip.record_id}>
                <Anchor component={Link} to={`/deals/${skip.record_id}`} size="xs">
                  {skip.name ?? skip.record_id}
                </Anchor>{' '}
                ({skip.code}: {skip.message})
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}
