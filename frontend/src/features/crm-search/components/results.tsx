/** Deals as the CRM found them; what was new or newer here is marked. */
import { Anchor, Badge, Tooltip } from '@mantine/core';
import { IconArrowDown } from '@tabler/icons-react';
import { Link } from 'react-router';
import { Moment } from '@/components/time/moment';
import { formatDayFull, formatWhole, NONE } from '@/lib/format';
import type { FoundDeal } from '../api/search';
import { MARKS } from '../lib/words';
import classes from './search.module.css';

export function Results({ deals }: { deals: readonly FoundDeal[] }) {
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Account</th>
          <th scope="col">Stage</th>
          <th scope="col">Owner</th>
          <th scope="col" data-right>
            Amount
          </th>
          <th scope="col">Closing date</th>
          <th scope="col">Changed</th>
        </tr>
      </thead>
      <tbody>
        {deals.map((deal) => (
          <tr key={deal.id}>
            <th scope="row">
              <span className={classes.name}>
                <Anchor component={Link} to={`/deals/${deal.id}`} size="sm" fw={500}>
                  {deal.name ?? deal.id}
                </Anchor>
                <Mark mark={deal.mark} />
              </span>
            </th>
            <td>{deal.account ?? NONE}</td>
            <td>{deal.stage ?? NONE}</td>
            <td data-minor>{deal.owner ?? NONE}</td>
            <td data-right>
              {deal.amount === null
                ? NONE
                : `${formatWhole(deal.amount)} ${deal.currency ?? ''}`.trim()}
            </td>
            <td data-minor>
              {deal.closing_date === null ? NONE : formatDayFull(deal.closing_date)}
            </td>
            <td data-minor>
              {deal.modified_at === null ? NONE : <Moment at={deal.modified_at} as="when" />}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Mark({ mark }: { mark: FoundDeal['mark'] }) {
  const told = MARKS[mark];
  if (told === null) return null;
  return (
    <Tooltip label={told.sentence}>
      <Badge color="blue" leftSection={<IconArrowDown size={13} stroke={1.8} aria-hidden />}>
        {told.word}
      </Badge>
    </Tooltip>
  );
}
