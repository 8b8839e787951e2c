/** What the short and the long list of account managers share. */
import type { Schema } from '@/lib/api';
import { counted, formatShare, formatWhole, NONE } from '@/lib/format';
import { dealsAddress } from '@/lib/pipeline-address';
import classes from './managers.module.css';

type Manager = Schema['AccountManager'];

export const nameOf = ({ name, owner_id: id }: Manager): string =>
  name ?? (id === null ? 'No owner' : `No name, id ${id}`);

export const ownersDeals = (params: URLSearchParams, { owner_id: id }: Manager): string =>
  dealsAddress(params, { owner: [id ?? ''] });

export function WinRate({ manager }: { manager: Pick<Manager, 'win_rate' | 'won' | 'lost'> }) {
  const { win_rate: rate, won, lost } = manager;
  if (rate === null) return NONE;
  return (
    <span
      className={classes.rate}
      title={`${formatWhole(won)} won of ${counted(won + lost, 'closed deal')}`}
    >
      <span className={classes.track} aria-hidden>
        <span className={classes.bar} style={{ width: `${rate}%` }} />
      </span>
      <span className={classes.percent}>{formatShare(rate / 100, 0)}</span>
    </span>
  );
}
