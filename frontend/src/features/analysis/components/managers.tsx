/** Account managers by what they hold, with how many closed deals they won. */
import { Drawer } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { Section } from '@/components/page/section';
import { NothingHere, QueryPanel } from '@/components/panel/query-panel';
import type { Schema } from '@/lib/api';
import { formatDayFull, formatWhole, symbolOf } from '@/lib/format';
import { managersQuery } from '../api/queries';
import { questionOf } from '@/lib/pipeline-address';
import { nameOf, ownersDeals, WinRate } from './manager-parts';
import { ManagersTable } from './managers-table';
import { PivotSkeleton } from './pivot';
import classes from './managers.module.css';

type Managers = Schema['AccountManagers'];

const SHOWN = 7;

export function Managers({ params }: { params: URLSearchParams }) {
  const managers = useQuery(managersQuery(questionOf(params)));
  const [isWhole, showWhole] = useState(false);
  const count = managers.data?.items.length ?? 0;
  return (
    <Section
      title="Account managers"
      hint={
        managers.data &&
        `by value; wins of those closed since ${formatDayFull(managers.data.closed_from)}`
      }
      action={
        count > 0 && (
          <button
            type="button"
            className={classes.all}
            onClick={() => {
              showWhole(true);
            }}
          >
            All {formatWhole(count)}
          </button>
        )
      }
    >
      <QueryPanel
        query={managers}
        failed="The account managers could not be read"
        minHeight={SHOWN * 30}
        skeleton={<PivotSkeleton />}
      >
        {(found) =>
          found.items.length === 0 ? (
            <NothingHere>Nobody holds deals that match these filters.</NothingHere>
          ) : (
            <>
              <Few managers={found} params={params} />
              <Drawer
                opened={isWhole}
                onClose={() => {
                  showWhole(false);
                }}
                title="Account managers"
                position="right"
                size={720}
              >
                <ManagersTable managers={found} params={params} />
              </Drawer>
            </>
          )
        }
      </QueryPanel>
    </Section>
  );
}

function Few({ managers, params }: { managers: Managers; params: URLSearchParams }) {
  const { basis, items } = managers;
  // Who only won or lost deals in the year stands in the long list.
  const held = items.filter(({ deals }) => deals > 0);
  return (
    <table className={classes.managers} aria-label="Account managers">
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Deals</th>
          <th scope="col">{symbolOf(basis.base_currency)}</th>
          <th scope="col">Win rate</th>
        </tr>
      </thead>
      <tbody>
        {held.slice(0, SHOWN).map((manager) => (
          <tr key={manager.owner_id ?? ''}>
            <th scope="row" title={nameOf(manager)}>
              <Link to={ownersDeals(params, manager)}>{nameOf(manager)}</Link>
              {manager.is_active === false && <span className={classes.gone}> inactive</span>}
            </th>
            <td className={classes.deals}>{formatWhole(manager.deals)}</td>
            <td className={classes.value}>{formatWhole(manager.value)}</td>
            <td>
              <WinRate manager={manager} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
