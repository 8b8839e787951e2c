/** What became of each deal: by state, in the order in which they were chosen, and as a file. */
import { Button } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconDownload } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef, useState } from 'react';
import { Section } from '@/components/page/section';
import { PanelFailure } from '@/components/panel/query-panel';
import { formatWhole } from '@/lib/format';
import type { BulkSession, ItemState } from '../api/bulk';
import { useItems } from '../lib/use-items';
import { ITEM_ORDER, ITEM_STATES } from '../lib/words';
import { ItemRow } from './item-row';
import classes from './results.module.css';

const PHONE = '(max-width: 37.49em)';
const ROW = 36;
const PHONE_ROW = 76;
const OVERSCAN = 8;

export function Results({ session }: { session: BulkSession }) {
  const [state, setState] = useState<ItemState | null>(null);
  const total = session.records_total ?? 0;
  return (
    <Section
      title="Deals"
      action={
        <Button
          component="a"
          href={`/api/bulk/operation/${session.id}/results.csv`}
          download
          leftSection={<IconDownload size={15} stroke={1.7} aria-hidden />}
        >
          Download CSV
        </Button>
      }
    >
      <div className={classes.states} role="group" aria-label="Show only">
        <StateButton
          word="All"
          count={total}
          isChosen={state === null}
          onChoose={() => {
            setState(null);
          }}
        />
        {ITEM_ORDER.filter((each) => session.counts[each] > 0 || each === state).map((each) => (
          <StateButton
            key={each}
            word={ITEM_STATES[each].word}
            count={session.counts[each]}
            isChosen={state === each}
            onChoose={() => {
              setState(each);
            }}
          />
        ))}
      </div>
      <Table key={state} id={session.id} state={state} />
    </Section>
  );
}

type StateButtonProps = { word: string; count: number; isChosen: boolean; onChoose: () => void };

function StateButton({ word, count, isChosen, onChoose }: StateButtonProps) {
  return (
    <button type="button" className={classes.state} aria-pressed={isChosen} onClick={onChoose}>
      {word} <span className={classes.count}>{formatWhole(count)}</span>
    </button>
  );
}

type TableProps = { id: string; state: ItemState | null };

function Table({ id, state }: TableProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const isPhone = useMediaQuery(PHONE, undefined, { getInitialValueInEffect: false });
  const height = isPhone ? PHONE_ROW : ROW;
  const [range, setRange] = useState({ first: 0, last: 30 });
  const items = useItems(id, state, range);
  const count = items.count ?? 0;
  // eslint-disable-next-line react-hooks/incompatible-library -- nothing of it is memoized here
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: OVERSCAN,
    initialRect: { width: 1_000, height: 400 },
    onChange: ({ range: shown }) => {
      if (shown && (shown.startIndex !== range.first || shown.endIndex !== range.last)) {
        setRange({ first: shown.startIndex, last: shown.endIndex });
      }
    },
  });
  if (items.first.isError && items.first.data === undefined) {
    return (
      <PanelFailure
        error={items.first.error}
        failed="The deals of this operation could not be read"
        failedAt={items.first.errorUpdatedAt}
        onRetry={() => void items.first.refetch()}
      />
    );
  }
  return (
    <div
      ref={scroller}
      className={classes.scroller}
      role="table"
      aria-label="Deals of this operation"
      aria-rowcount={count + 1}
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a table that scrolls must be reached by keys
      tabIndex={0}
    >
      <div className={classes.headRow} role="row">
        {['State', 'Deal', 'Change', 'Why'].map((head) => (
          <span key={head} role="columnheader">
            {head}
          </span>
        ))}
      </div>
      <div role="rowgroup" className={classes.body} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => (
          <ItemRow
            key={index}
            item={items.itemAt(index)}
            index={index}
            top={start}
            height={height}
          />
        ))}
      </div>
    </div>
  );
}
