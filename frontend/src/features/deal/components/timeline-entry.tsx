/** One entry of the timeline: who, on which side, when, and what was which before. */
import { UnstyledButton } from '@mantine/core';
import {
  IconArrowBackUp,
  IconArrowsSplit2,
  IconArrowUp,
  IconCheck,
  IconCloudDown,
  IconEye,
  IconListDetails,
  IconPencil,
  IconPlus,
  IconTrash,
  type Icon,
} from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { ChangeItem, ChangeList, TimelineItem } from '@/components/timeline/timeline';
import { counted } from '@/lib/format';
import { useNow } from '@/lib/now';
import type { Hue } from '@/theme/palette';
import type { Deal, Entry, FieldChange } from '../api/deal';
import { personOf } from '../lib/person';
import { runName } from '../lib/run-name';
import { valueText } from '@/lib/value-text';
import classes from './timeline-entry.module.css';

const AT_FIRST = 5;

const ICONS: Record<Entry['kind'], Icon> = {
  created: IconPlus,
  first_read: IconEye,
  changed: IconCloudDown,
  learned: IconListDetails,
  deleted: IconTrash,
  restored: IconArrowBackUp,
  edited: IconArrowUp,
  conflict: IconArrowsSplit2,
  dropped: IconArrowBackUp,
  sync: IconCheck,
};

export function TimelineEntry({ entry, deal }: { entry: Entry; deal: Deal }) {
  const { who, where } = headOf(entry);
  return (
    <TimelineItem
      icon={entry.kind === 'changed' && entry.side === 'local' ? IconPencil : ICONS[entry.kind]}
      hue={hueOf(entry)}
      who={who}
      head={<span className={classes.where}>{where}</span>}
      at={entry.at}
    >
      <What entry={entry} deal={deal} />
    </TimelineItem>
  );
}

/** What is not agreed yet has the hue of where it stands. */
function hueOf({ kind, changes }: Entry): Hue | undefined {
  if (kind === 'conflict') return 'amber';
  if (kind !== 'edited') return undefined;
  const states = changes.map(({ state }) => state);
  if (states.includes('error')) return 'red';
  return states.includes('conflict') ? 'amber' : 'blue';
}

/** Where an edit that is not agreed yet stands. */
function standingOf({ changes }: Entry): string {
  const states = changes.map(({ state }) => state);
  if (states.includes('error')) return 'Local, refused by the CRM';
  return states.includes('conflict') ? 'Local, in conflict' : 'Local, on its way to the CRM';
}

function headOf(entry: Entry): { who: string; where: string } {
  switch (entry.kind) {
    case 'sync':
      return { who: 'Sync', where: 'the mirror agrees with the CRM' };
    case 'conflict':
      return { who: 'Conflict', where: 'found on both sides' };
    case 'dropped':
      return { who: personOf(entry.by), where: 'Local, gave up' };
    case 'edited':
      return { who: personOf(entry.by), where: standingOf(entry) };
    case 'learned':
      return { who: 'First reading', where: 'of more fields' };
    case 'deleted':
      return entry.by === null
        ? { who: 'Gone', where: 'from what the CRM shows us' }
        : { who: personOf(entry.by), where: 'CRM' };
    default:
      return {
        who: entry.by === null ? 'CRM' : personOf(entry.by),
        where: entry.side === 'local' ? 'Local' : entry.by === null ? '' : 'CRM',
      };
  }
}

function What({ entry, deal }: { entry: Entry; deal: Deal }) {
  switch (entry.kind) {
    case 'created':
      return <p className={classes.line}>Created the deal</p>;
    case 'first_read':
      return <p className={classes.line}>Last change before our first reading</p>;
    case 'deleted':
      return (
        <p className={classes.line}>
          {entry.by === null
            ? 'Deleted, or out of sight of the connected user'
            : 'Deleted the deal in the CRM'}
        </p>
      );
    case 'restored':
      return <p className={classes.line}>The deal is back</p>;
    case 'sync':
      return entry.sync && <p className={classes.line}>{syncWords(entry.sync)}</p>;
    case 'learned':
      return <Changes changes={entry.changes} atFirst={0} />;
    case 'conflict':
      return (
        <p className={classes.line}>
          {conflictWords(entry.changes, deal)}.{' '}
          <Link className={classes.link} to={`/sync-status?tab=conflicts&record=${deal.id}`}>
            Look
          </Link>
        </p>
      );
    case 'edited':
      return <Changes changes={entry.changes} atFirst={AT_FIRST} />;
    case 'dropped':
      // Read as it went: what was wanted goes, what was agreed stays.
      return (
        <Changes
          changes={entry.changes.map((change) => ({ ...change, old: change.new, new: change.old }))}
          atFirst={AT_FIRST}
          isBeforeTold
        />
      );
    case 'changed':
      // Who saved it last and when moves with every save, so it is not told as a change.
      return entry.changes.length === 0 ? (
        <p className={classes.line}>Saved without changing a field</p>
      ) : (
        <Changes changes={entry.changes} atFirst={AT_FIRST} />
      );
  }
}

/** The fields that wait for a decision; what each side holds stands beside the fields. */
function conflictWords(changes: readonly FieldChange[], { sync }: Deal): string {
  const names = new Intl.ListFormat(undefined).format(changes.map(({ label }) => label));
  const were = changes.length === 1 ? 'was' : 'were';
  return sync.presence === 'deleted'
    ? `${names} ${were} changed here, and the deal was deleted in the CRM`
    : `${names} ${were} changed on both sides`;
}

function syncWords(sync: NonNullable<Entry['sync']>): string {
  const run = runName(sync.sync_type);
  return sync.changed_fields === 0
    ? run
    : `${run} took over ${counted(sync.changed_fields, 'field')}`;
}

type ChangesProps = {
  changes: readonly FieldChange[];
  atFirst: number;
  /** Whether an empty value before is told too. */
  isBeforeTold?: boolean;
};

function Changes({ changes, atFirst, isBeforeTold = false }: ChangesProps) {
  const [isOpen, setIsOpen] = useState(false);
  const left = changes.length - atFirst;
  // One line more is shorter than a button.
  const shown = isOpen || left === 1 ? changes : changes.slice(0, atFirst);
  const isFolded = shown.length < changes.length;
  return (
    <>
      {shown.length > 0 && (
        <ChangeList>
          {shown.map((change, index) => (
            <Change key={index} change={change} isBeforeTold={isBeforeTold} />
          ))}
        </ChangeList>
      )}
      {isFolded && (
        <UnstyledButton
          className={classes.more}
          onClick={() => {
            setIsOpen(true);
          }}
        >
          {atFirst === 0 ? `Show ${counted(changes.length, 'field')}` : `Show ${left} more`}
        </UnstyledButton>
      )}
    </>
  );
}

function Change({ change, isBeforeTold }: { change: FieldChange; isBeforeTold: boolean }) {
  const now = useNow('minute');
  return (
    <ChangeItem
      name={change.is_removed ? `${change.label} (field removed)` : change.label}
      before={change.old === null && !isBeforeTold ? null : valueText(change.old, now)}
      after={valueText(change.new, now)}
      refusal={change.error ?? null}
    />
  );
}
