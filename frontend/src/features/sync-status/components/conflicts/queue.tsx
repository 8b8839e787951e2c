/** The queue at the left: records in conflict, newest first, and what is done with many at once. */
import { Button, Checkbox } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { counted, formatAge } from '@/lib/format';
import { useNow } from '@/lib/now';
import type { Conflict } from '../../api/conflicts';
import classes from './queue.module.css';
import { ResolveAll } from './resolve-all';

type Props = {
  conflicts: readonly Conflict[];
  count: number;
  fieldCount: number;
  skippedCount: number;
  isSkippedShown: boolean;
  chosen: Conflict | undefined;
  selection: ReadonlySet<string>;
  mayEdit: boolean;
  onChoose: (id: string) => void;
  onSelect: (ids: ReadonlySet<string>) => void;
  onShowSkipped: (isShown: boolean) => void;
  /** Null when all of them are there. */
  onMore: (() => void) | null;
};

export function Queue(props: Props) {
  const { conflicts, count, selection, chosen, mayEdit, onSelect } = props;
  const word = props.isSkippedShown ? 'skipped conflict' : 'conflict';
  const some = conflicts.filter(({ id }) => selection.has(id));
  return (
    <section className={classes.queue} aria-label="Records in conflict">
      <div className={classes.head}>
        {mayEdit && (
          <Checkbox
            aria-label="Select all that are shown"
            checked={some.length > 0 && some.length === conflicts.length}
            indeterminate={some.length > 0 && some.length < conflicts.length}
            onChange={(event) => {
              const all = conflicts.map(({ id }) => id);
              onSelect(new Set(event.currentTarget.checked ? all : []));
            }}
          />
        )}
        <span className={classes.count}>
          {some.length > 0 ? `${some.length} of ${counted(count, word)}` : counted(count, word)}
        </span>
        {mayEdit && (
          <ResolveAll
            selected={some}
            count={count}
            fieldCount={props.fieldCount}
            isSkipped={props.isSkippedShown}
            onDone={() => {
              onSelect(new Set());
            }}
          />
        )}
      </div>
      <ul className={classes.list}>
        {conflicts.map((conflict) => (
          <Row
            key={conflict.id}
            conflict={conflict}
            isChosen={conflict.id === chosen?.id}
            isSelected={selection.has(conflict.id)}
            {...(mayEdit && {
              onSelect: (isSelected: boolean) => {
                const rest = [...selection].filter((id) => id !== conflict.id);
                onSelect(new Set(isSelected ? [...rest, conflict.id] : rest));
              },
            })}
            onChoose={() => {
              props.onChoose(conflict.id);
            }}
          />
        ))}
      </ul>
      {props.onMore !== null && (
        <Button variant="subtle" onClick={props.onMore}>
          Show more
        </Button>
      )}
      <SkippedLine {...props} />
    </section>
  );
}

type RowProps = {
  conflict: Conflict;
  isChosen: boolean;
  isSelected: boolean;
  onSelect?: (isSelected: boolean) => void;
  onChoose: () => void;
};

function Row({ conflict, isChosen, isSelected, onSelect, onChoose }: RowProps) {
  const now = useNow('minute');
  const name = conflict.record_name ?? `Record ${conflict.id}`;
  const age = conflict.since === null ? null : (now.getTime() - Date.parse(conflict.since)) / 1_000;
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isChosen) row.current?.scrollIntoView({ block: 'nearest' });
  }, [isChosen]);
  return (
    <li ref={row} className={classes.row} data-chosen={isChosen || undefined}>
      {onSelect && (
        <Checkbox
          className={classes.box ?? ''}
          aria-label={`Select ${name}`}
          checked={isSelected}
          onChange={(event) => {
            onSelect(event.currentTarget.checked);
          }}
        />
      )}
      <button
        type="button"
        className={classes.open}
        aria-current={isChosen || undefined}
        onClick={onChoose}
      >
        <span className={classes.name} title={name}>
          {name}
        </span>
        <span className={classes.age}>{ageText(age)}</span>
        <span className={classes.account}>{conflict.account?.name ?? ''}</span>
        <span className={classes.what}>
          {conflict.is_record_gone ? 'Deleted in CRM' : counted(conflict.fields.length, 'field')}
        </span>
      </button>
    </li>
  );
}

const ageText = (seconds: number | null): string => {
  if (seconds === null) return '';
  return seconds < 60 ? 'now' : formatAge(seconds).replace(/ ago$/, '');
};

function SkippedLine({ skippedCount, isSkippedShown, onShowSkipped }: Props) {
  if (isSkippedShown) {
    return (
      <p className={classes.skipped}>
        These come back when either side changes again.{' '}
        <button
          type="button"
          className={classes.link}
          onClick={() => {
            onShowSkipped(false);
          }}
        >
          Back to the queue
        </button>
      </p>
    );
  }
  if (skippedCount === 0) return null;
  return (
    <p className={classes.skipped}>
      {skippedCount} skipped. {skippedCount === 1 ? 'It comes' : 'They come'} back when either side
      changes again.{' '}
      <button
        type="button"
        className={classes.link}
        onClick={() => {
          onShowSkipped(true);
        }}
      >
        Show
      </button>
    </p>
  );
}
