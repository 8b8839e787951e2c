/** Health of the open opportunities by territory: shares as bars, those at risk and all as figures. */
import { Link } from 'react-router';
import { ChartFrame } from '@/components/charts/chart-frame';
import { hatch } from '@/components/charts/hatches';
import { Section } from '@/components/page/section';
import { NothingHere } from '@/components/panel/query-panel';
import { HEALTH_STATES } from '@/components/status/vocabulary';
import { formatWhole } from '@/lib/format';
import { territoryName } from '@/lib/o2r-words';
import type { TerritoryHealth as Territory } from '../api/queries';
import { opportunities } from '../lib/links';
import { type TerritoryRow, territoryRows } from '../lib/territories';
import { healthConclusion, riskOf } from '../lib/words';
import classes from './territory-health.module.css';

type AsOf = { asOf: string | null };

type HealthName = keyof typeof HEALTH_STATES;

/** From the left: what is well first, so that bars of one length compare at their right end. */
const ORDER: readonly HealthName[] = ['green', 'needs_update', 'yellow', 'red', 'blocked'];
const FILL: Record<HealthName, string> = {
  green: 'var(--pp-line-2)',
  needs_update: 'url(#pp-hatch-grey)',
  yellow: 'var(--pp-amber)',
  red: 'var(--pp-red)',
  blocked: hatch('red'),
};

type TerritoryHealthProps = AsOf & { territories: readonly Territory[] };

export function TerritoryHealth({ territories, asOf }: TerritoryHealthProps) {
  const rows = territoryRows(territories);
  return (
    <Section title="Health by territory" hint="open deals">
      {rows.length === 0 ? (
        <NothingHere>No open opportunities.</NothingHere>
      ) : (
        <>
          <GreyHatch />
          <ChartFrame
            conclusion={healthConclusion(territories)}
            chart={
              <>
                <Shares rows={rows} asOf={asOf} />
                <Legend />
              </>
            }
            table={<Counts rows={rows} asOf={asOf} />}
          />
        </>
      )}
    </Section>
  );
}

type TableProps = AsOf & { rows: readonly TerritoryRow[] };

function Shares({ rows, asOf }: TableProps) {
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th scope="col">Territory</th>
          <th scope="col" className={classes.lane}>
            Share of deals
          </th>
          <th scope="col" className={classes.figure}>
            At risk
          </th>
          <th scope="col" className={classes.figure}>
            All
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)}>
            <th scope="row">
              <Name row={row} asOf={asOf} />
            </th>
            <td className={classes.lane}>
              <Bar row={row} />
            </td>
            <td className={classes.figure} data-bad={riskOf(row) > 0 || undefined}>
              <Deals row={row} asOf={asOf} count={riskOf(row)} health={['blocked', 'red']} />
            </td>
            <td className={classes.figure}>
              <Deals row={row} asOf={asOf} count={row.deals} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Counts({ rows, asOf }: TableProps) {
  return (
    <div className={classes.scroll}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">Territory</th>
            {ORDER.map((health) => (
              <th key={health} scope="col" className={classes.figure}>
                {HEALTH_STATES[health].word}
              </th>
            ))}
            <th scope="col" className={classes.figure}>
              All
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              <th scope="row">
                <Name row={row} asOf={asOf} />
              </th>
              {ORDER.map((health) => (
                <td key={health} className={classes.figure}>
                  <Deals row={row} asOf={asOf} count={row[health]} health={[health]} />
                </td>
              ))}
              <td className={classes.figure}>
                <Deals row={row} asOf={asOf} count={row.deals} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const keyOf = (row: TerritoryRow): string =>
  row.others > 0 ? 'others' : (row.territory ?? 'none');

const nameOf = (row: TerritoryRow): string =>
  row.others > 0 ? `Rest, ${formatWhole(row.others)}` : territoryName(row.territory);

function Name({ row, asOf }: AsOf & { row: TerritoryRow }) {
  const name = nameOf(row);
  if (row.others > 0) return <span className={classes.rest}>{name}</span>;
  return (
    <Link to={opportunities({ territory: row.territory ?? '', asOf })} title={name}>
      {name}
    </Link>
  );
}

type DealsProps = AsOf & { row: TerritoryRow; count: number; health?: readonly HealthName[] };

function Deals({ row, asOf, count, health }: DealsProps) {
  if (row.others > 0 || count === 0) return <>{formatWhole(count)}</>;
  const to = opportunities({
    territory: row.territory ?? '',
    asOf,
    ...(health && { health }),
  });
  return <Link to={to}>{formatWhole(count)}</Link>;
}

function Bar({ row }: { row: TerritoryRow }) {
  const shown = ORDER.filter((health) => row[health] > 0);
  const said = shown
    .map((health) => `${HEALTH_STATES[health].word} ${formatWhole(row[health])}`)
    .join(', ');
  const starts = shown.map((_, place) =>
    shown.slice(0, place).reduce((sum, health) => sum + row[health], 0),
  );
  return (
    <svg className={classes.bar} width="100%" height={14} role="img" aria-label={said}>
      <title>{said}</title>
      {shown.map((health, place) => (
        <rect
          key={health}
          x={`${((starts[place] ?? 0) / row.deals) * 100}%`}
          width={`${(row[health] / row.deals) * 100}%`}
          height={14}
          fill={FILL[health]}
          stroke="var(--pp-sheet)"
          strokeWidth={place === 0 ? 0 : 1.5}
        />
      ))}
    </svg>
  );
}

/** Grey is none of the five hues, so its hatch is the chart's own. */
function GreyHatch() {
  return (
    <svg width={0} height={0} style={{ position: 'absolute' }} aria-hidden focusable={false}>
      <defs>
        <pattern
          id="pp-hatch-grey"
          width={6}
          height={6}
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <rect width={6} height={6} fill="var(--pp-hover)" />
          <rect width={2} height={6} fill="var(--pp-ctl)" />
        </pattern>
      </defs>
    </svg>
  );
}

function Legend() {
  return (
    <span className={classes.legend}>
      {ORDER.map((health) => (
        <span key={health} className={classes.entry}>
          <svg width={10} height={10} aria-hidden focusable={false}>
            <rect width={10} height={10} rx={2} fill={FILL[health]} />
          </svg>
          {HEALTH_STATES[health].word}
        </span>
      ))}
    </span>
  );
}
