/** The deals behind a figure or a bar, in a drawer at the right: name, worth, and why it is there. */
import { Button, Drawer, Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { NothingHere } from '@/components/panel/query-panel';
import { formatAmount, formatSigned, formatWhole, NONE } from '@/lib/format';
import classes from './deals-drawer.module.css';

type DrawerDeal = {
  id: string;
  name: string | null;
  account: string | null;
  owner: string | null;
  /** What it is worth, or by how much it moved; null where it has no value. */
  value: number | null;
  /** Values before and after, where it moved. */
  from?: number | null;
  to?: number | null;
  /** A line under it: the reason. */
  why?: ReactNode;
};

type DealsDrawerProps = {
  isOpen: boolean;
  onClose: () => void;
  title: string;
  /** Under the title: number of deals, sum, reasons. */
  hint?: ReactNode;
  currency: string;
  /** Values are changes, so they carry their sign. */
  isChange?: boolean;
  /** Undefined while they are read. */
  deals: readonly DrawerDeal[] | undefined;
  /** In place of the deals: why they could not be read. */
  failure?: ReactNode;
  /** How many there are in all. */
  count: number | undefined;
  /** Reads further ones; absent where all are shown. */
  onMore?: (() => void) | undefined;
  isReadingMore?: boolean;
};

const SKELETONS = ['1', '2', '3', '4', '5', '6'];

export function DealsDrawer(props: DealsDrawerProps) {
  const { isOpen, onClose, title, hint, deals, failure, count, onMore, isReadingMore } = props;
  return (
    <Drawer opened={isOpen} onClose={onClose} title={title} padding={20}>
      {hint !== undefined && <div className={classes.hint}>{hint}</div>}
      {failure ??
        (deals === undefined ? (
          SKELETONS.map((row) => <Skeleton key={row} height={40} my={12} />)
        ) : deals.length === 0 ? (
          <NothingHere>No deal is behind this figure any more.</NothingHere>
        ) : (
          <ol className={classes.deals}>
            {deals.map((deal) => (
              <DealLine key={deal.id} deal={deal} {...props} />
            ))}
          </ol>
        ))}
      {onMore !== undefined && deals !== undefined && (
        <div className={classes.more}>
          <span>
            {formatWhole(deals.length)}
            {count !== undefined && ` of ${formatWhole(count)}`}
          </span>
          <Button onClick={onMore} loading={isReadingMore ?? false}>
            Show more
          </Button>
        </div>
      )}
    </Drawer>
  );
}

type LineProps = Pick<DealsDrawerProps, 'currency' | 'isChange' | 'onClose'> & {
  deal: DrawerDeal;
};

function DealLine({ deal, currency, isChange = false, onClose }: LineProps) {
  const { id, name, account, owner, value, from, to, why } = deal;
  const beside = [account, owner].filter((each) => each !== null).join(' · ');
  const money = (amount: number): string => formatAmount(amount, currency);
  return (
    <li className={classes.deal}>
      <div className={classes.line}>
        <Link to={`/deals/${id}`} className={classes.name} onClick={onClose}>
          {name ?? `Deal ${id}`}
        </Link>
        <strong className={classes.value}>
          {value === null ? NONE : isChange ? formatSigned(value) : money(value)}
        </strong>
      </div>
      <div className={classes.line}>
        <span className={classes.beside}>{beside}</span>
        {from != null && to != null && (
          <span className={classes.fromTo}>
            {money(from)} → {money(to)}
          </span>
        )}
      </div>
      {why !== undefined && <div className={classes.why}>{why}</div>}
    </li>
  );
}
