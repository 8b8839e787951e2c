/** Where conflicts are decided: one record after the other, by hand or by keys. */
import { Button, Kbd } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { NothingHere } from '@/components/panel/query-panel';
import { useShortcuts } from '@/lib/keys';
import { useMay } from '@/lib/queries/session';
import { tell, tellError } from '@/lib/toast';
import {
  type Conflict,
  conflictQuery,
  type Resolution,
  useResolve,
  useUndo,
} from '../../api/conflicts';
import { mergeOf, useDecisions } from '../../lib/decisions';
import type { Search } from '../../lib/search';
import { useUndoKey } from '../../lib/use-undo-key';
import classes from './conflicts-tab.module.css';
import { Queue } from './queue';
import { Record } from './record';

type Props = {
  /** Stands here when nothing is left; what was decided last can still be undone. */
  calm: ReactNode;
  search: Search;
  items: readonly Conflict[];
  count: number;
  fieldCount: number;
  skippedCount: number;
  onMore: (() => void) | null;
};

export function Desk({ calm, search, items, ...counts }: Props) {
  const mayEdit = useMay('editor');
  const { chosen, isSettled } = useChosen(search.record, items);
  const decisions = useDecisions();
  const [selection, setSelection] = useState<ReadonlySet<string>>(new Set());
  const resolve = useResolve();
  const takeBack = useUndo();
  const undoing = useUndoKey(decisions.undo);
  const choose = (id: string | null): void => {
    search.go({ record: id });
  };
  const step = (by: number) => (): void => {
    const at = items.findIndex(({ id }) => id === chosen?.id);
    const next = items[Math.max(0, Math.min(items.length - 1, at + by))];
    if (next) choose(next.id);
  };
  const send = (body: Resolution & { id: string }, undo?: () => void): void => {
    const at = items.findIndex(({ id }) => id === body.id);
    const next = items[at + 1] ?? items[at - 1];
    resolve.mutate(body, {
      onSuccess: ({ message }) => {
        choose(next?.id ?? null);
        tell(undo ? <Undoable message={message} onUndo={undo} /> : message);
        undoing.offer(undo);
      },
      onError: (error) => {
        tellError(error, 'The conflict stays open.');
      },
    });
  };
  const skip = ({ id, is_skipped: isSkipped }: Conflict): void => {
    send({ id, action: isSkipped ? 'unskip' : 'skip' }, () => {
      resolve.mutate(
        { id, action: isSkipped ? 'skip' : 'unskip' },
        {
          onSuccess: () => {
            choose(id);
          },
        },
      );
    });
  };
  /** Only what stays here can be undone: a decision for the CRM, until somebody edits again. */
  const dropping = (id: string) => (): void => {
    takeBack.mutate(id, {
      onSuccess: ({ message }) => {
        choose(id);
        tell(message);
      },
      onError: (error) => {
        tellError(error, 'The edits stay dropped.');
      },
    });
  };
  useShortcuts([
    { keys: 'j', does: 'Next record', run: step(1) },
    { keys: 'k', does: 'Previous record', run: step(-1) },
  ]);
  if (calm !== false) return calm;
  return (
    <div className={classes.desk} data-record={search.record !== null || undefined}>
      <div className={classes.left}>
        <Queue
          {...counts}
          conflicts={items}
          chosen={chosen}
          isSkippedShown={search.skipped}
          selection={selection}
          mayEdit={mayEdit}
          onChoose={choose}
          onSelect={setSelection}
          onShowSkipped={(isShown) => {
            setSelection(new Set());
            search.go({ skipped: isShown ? '1' : null, record: null });
          }}
        />
      </div>
      <div className={classes.right}>
        <Button
          className={classes.back ?? ''}
          variant="subtle"
          leftSection={<IconArrowLeft size={14} stroke={1.7} aria-hidden />}
          onClick={() => {
            choose(null);
          }}
        >
          All conflicts
        </Button>
        {isSettled && <NothingHere>That conflict has been settled.</NothingHere>}
        {chosen ? (
          <Record
            key={chosen.id}
            conflict={chosen}
            decisions={decisions}
            mayEdit={mayEdit}
            isBusy={resolve.isPending}
            onUse={(side) => {
              const { id, version } = chosen;
              if (side === 'local') send({ id, action: 'use_local', version });
              else send({ id, action: 'use_crm', version }, dropping(id));
            }}
            onMerge={(decided) => {
              send(mergeOf(chosen, decided));
            }}
            onSkip={() => {
              skip(chosen);
            }}
          />
        ) : (
          <NothingHere>
            {search.skipped ? 'Nothing is skipped.' : 'Nothing else waits for a decision.'}
          </NothingHere>
        )}
        {mayEdit && chosen && <Keys />}
      </div>
    </div>
  );
}

/** The record that the address names, wherever it is in the queue; else the first. */
function useChosen(record: string | null, items: readonly Conflict[]) {
  const listed = items.find(({ id }) => id === record);
  const isElsewhere = record !== null && listed === undefined;
  const linked = useQuery({ ...conflictQuery(record ?? ''), enabled: isElsewhere });
  const isSettled = isElsewhere && linked.isError;
  const found = isElsewhere && !isSettled ? linked.data : undefined;
  return {
    chosen: listed ?? found ?? (isElsewhere && !isSettled ? undefined : items[0]),
    isSettled,
  };
}

function Undoable({ message, onUndo }: { message: string; onUndo: () => void }) {
  return (
    <>
      {message}{' '}
      <button type="button" className={classes.undo} onClick={onUndo}>
        Undo
      </button>
    </>
  );
}

const KEYS = [
  [['J', 'K'], 'next, previous record'],
  [['↑', '↓'], 'field'],
  [['1', '2'], 'Local, CRM'],
  [['3'], 'type a value'],
  [['M'], 'merge'],
  [['S'], 'skip'],
  [['?'], 'all keys'],
] as const;

function Keys() {
  return (
    <p className={classes.keys}>
      {KEYS.map(([keys, does]) => (
        <span key={does}>
          {keys.map((key) => (
            <Kbd key={key} size="xs">
              {key}
            </Kbd>
          ))}{' '}
          {does}
        </span>
      ))}
    </p>
  );
}
