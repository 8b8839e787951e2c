/** The foot: what is selected and can be done with it, and what all the deals add up to. */
import { Button, Tooltip } from '@mantine/core';
import { IconCloudDownload, IconPencil, IconStack2 } from '@tabler/icons-react';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { MissingRates } from '@/components/missing-rates/missing-rates';
import { toBulk } from '@/lib/chosen-deals';
import { filterSearch, hasFilters } from '@/lib/deal-filters';
import { counted, formatAmount, formatWhole, symbolOf } from '@/lib/format';
import { useMay } from '@/lib/queries/session';
import { tell, tellError } from '@/lib/toast';
import { MOST_IN_A_BATCH } from '../api/edit-many';
import { type ColumnLine, type DealSummary, useForceSync } from '../api/queries';
import { type Selection, worthOf } from '../lib/use-selection';
import { EditField } from './edit-field';
import classes from './table-foot.module.css';

/** Each deal is a call and a credit: more at once is what a quick sync is for. */
const MOST_AT_ONCE = 25;

type TableFootProps = {
  summary: DealSummary | undefined;
  hasFailed: boolean;
  selection: Selection;
  /** All columns that there are, for their fields. */
  columns: readonly ColumnLine[];
  /** The organisation's date. */
  today: string | undefined;
};

export function TableFoot(props: TableFootProps) {
  const { summary, hasFailed, selection } = props;
  const base = summary?.currency;
  return (
    <footer className={classes.foot}>
      <div className={classes.left}>
        {selection.rows.size > 0 && base !== undefined && (
          <Selected selection={selection} base={base} columns={props.columns} today={props.today} />
        )}
        {selection.rows.size === 0 && summary !== undefined && (
          <>
            {!summary.is_past && <AllFiltered count={summary.count} />}
            <WithoutRate summary={summary} />
          </>
        )}
      </div>
      {hasFailed && summary === undefined && <span>The totals could not be read.</span>}
      {summary !== undefined && (
        <dl className={classes.totals} aria-live="off">
          <div className={classes.all}>
            <dt>All</dt>
            <dd>{formatWhole(summary.count)}</dd>
          </div>
          <Total word="Weighted" amount={summary.weighted} base={summary.currency} />
          <Total word="Total" amount={summary.value} base={summary.currency} />
        </dl>
      )}
    </footer>
  );
}

function Total({ word, amount, base }: { word: string; amount: number; base: string }) {
  const sign = symbolOf(base);
  return (
    <div>
      <dt>{word}</dt>
      <dd title={`${sign} ${formatAmount(amount, base, { cents: true })}`}>
        <strong>
          {sign} {formatWhole(amount)}
        </strong>
      </dd>
    </div>
  );
}

/** Takes the filters of the table along: all that match can be changed without selecting them. */
function AllFiltered({ count }: { count: number }) {
  const [params] = useSearchParams();
  const mayEdit = useMay('editor');
  if (!mayEdit || !hasFilters(params) || count === 0) return null;
  return (
    <Button
      component={Link}
      to={`/bulk?${filterSearch(params).toString()}`}
      variant="subtle"
      leftSection={<IconStack2 size={15} stroke={1.7} aria-hidden />}
    >
      Bulk operation on {counted(count, 'deal')}
    </Button>
  );
}

/** Under the same filters, and as of the same moment: that is what the total is of. */
function WithoutRate({ summary }: { summary: DealSummary }) {
  const [params] = useSearchParams();
  return (
    <MissingRates
      missing={summary.without_rate.map(({ currency, count: deals }) => ({ currency, deals }))}
      to={(currencies) => {
        const search = new URLSearchParams(params);
        search.delete('currency');
        for (const currency of currencies) search.append('currency', currency);
        return `?${search.toString()}`;
      }}
    />
  );
}

type SelectedProps = Pick<TableFootProps, 'selection' | 'columns' | 'today'> & { base: string };

function Selected({ selection, base, columns, today }: SelectedProps) {
  const [isEditing, setIsEditing] = useState(false);
  const mayEdit = useMay('editor');
  const sync = useForceSync();
  const { value, withoutRate } = worthOf(selection.rows.values());
  const count = selection.rows.size;
  const isTooMany = count > MOST_AT_ONCE;
  const read = (): void => {
    sync.mutate([...selection.rows.keys()], {
      onSuccess: ({ read: all, changed }) => {
        tell(
          `${counted(all, 'deal')} read from the CRM, ${changed === 0 ? 'nothing' : formatWhole(changed)} changed.`,
        );
      },
      onError: (error) => {
        tellError(error, 'Not all deals could be read from the CRM.');
      },
    });
  };
  return (
    <>
      <span aria-live="polite">
        <strong className={classes.count}>{formatWhole(count)} selected</strong>{' '}
        <span className={classes.worth}>
          {symbolOf(base)} {formatWhole(value)}
          {withoutRate > 0 && `, ${formatWhole(withoutRate)} without rate`}
        </span>
      </span>
      {mayEdit && today !== undefined && count <= MOST_IN_A_BATCH && (
        <Button
          leftSection={<IconPencil size={15} stroke={1.7} aria-hidden />}
          onClick={() => {
            setIsEditing(true);
          }}
        >
          Edit field
        </Button>
      )}
      {mayEdit && (
        <Button
          component={Link}
          {...toBulk([...selection.rows.keys()])}
          leftSection={<IconStack2 size={15} stroke={1.7} aria-hidden />}
        >
          Bulk operation
        </Button>
      )}
      {isEditing && today !== undefined && (
        <EditField
          ids={[...selection.rows.keys()]}
          columns={columns}
          today={today}
          onClose={() => {
            setIsEditing(false);
          }}
        />
      )}
      {mayEdit && (
        <Tooltip
          label={
            isTooMany
              ? `${formatWhole(MOST_AT_ONCE)} at most; a quick sync reads all that changed`
              : `Reads them from the CRM now, ${counted(count, 'credit')}`
          }
        >
          <Button
            leftSection={<IconCloudDownload size={15} stroke={1.7} aria-hidden />}
            loading={sync.isPending}
            {...(isTooMany && { 'data-disabled': true })}
            aria-disabled={isTooMany}
            onClick={() => {
              if (!isTooMany) read();
            }}
          >
            Force sync
          </Button>
        </Tooltip>
      )}
      <Button variant="subtle" onClick={selection.clear}>
        Clear
      </Button>
    </>
  );
}
