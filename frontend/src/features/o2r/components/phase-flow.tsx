/** Open opportunities from phase to phase: bands as high as their value, and how many move on. */
import { useElementSize } from '@mantine/hooks';
import { Link } from 'react-router';
import { ChartFrame } from '@/components/charts/chart-frame';
import { counted, formatWhole } from '@/lib/format';
import type { Hue } from '@/theme/palette';
import type { O2rDashboard, PhasePace, PhaseStanding } from '../api/queries';
import { bandsOf } from '../lib/flow';
import { type Ground, groundOf, opportunities } from '../lib/links';
import { flowConclusion, movedOn, phaseName, shortMoney } from '../lib/words';
import { PhaseTable } from './phase-table';
import classes from './phase-flow.module.css';

const HUES: readonly Hue[] = ['amber', 'blue', 'purple', 'green'];
const HEIGHT = 130;
/** Narrower, and the words of phases would run into each other: bands lie under each other. */
const LEAST_WIDTH = 760;

type FlowProps = {
  dashboard: O2rDashboard;
  /** None before they are known. */
  paces: readonly PhasePace[];
  territory: string | null;
};

export function PhaseFlow({ dashboard, paces, territory }: FlowProps) {
  const { ref, width } = useElementSize();
  return (
    <div ref={ref}>
      <ChartFrame
        conclusion={flowConclusion(dashboard, paces)}
        chart={
          width > 0 && width < LEAST_WIDTH ? (
            <Rows dashboard={dashboard} paces={paces} territory={territory} />
          ) : (
            <Flow dashboard={dashboard} paces={paces} territory={territory} width={width} />
          )
        }
        table={<PhaseTable dashboard={dashboard} paces={paces} territory={territory} />}
      />
    </div>
  );
}

function Flow({ dashboard, paces, territory, width }: FlowProps & { width: number }) {
  const { phases } = dashboard;
  const ground = groundOf(dashboard, territory);
  const bands = bandsOf(
    phases.map(({ value }) => value),
    width,
    HEIGHT,
  );
  return (
    <div className={classes.flow} style={{ height: HEIGHT }}>
      <svg className={classes.drawing} height={HEIGHT} aria-hidden focusable={false}>
        {bands.map((band, place) => (
          <g key={place}>
            <path d={band.path} fill={`var(--pp-${HUES[place] ?? 'blue'}-soft)`} />
            <rect
              x={band.x}
              y={band.top}
              width={4}
              height={band.bottom - band.top}
              fill={`var(--pp-${HUES[place] ?? 'blue'})`}
            />
          </g>
        ))}
      </svg>
      <ol className={classes.phases}>
        {phases.map((phase, place) => (
          <li key={phase.phase} className={classes.phase}>
            <Phase phase={phase} currency={dashboard.basis.base_currency} ground={ground} />
            {place < phases.length - 1 && (
              <MovedOn phase={phase} pace={paces[place]} ground={ground} />
            )}
          </li>
        ))}
      </ol>
    </div>
  );
}

/** The same on a phone: a phase a line, its bar as long as its value. */
function Rows({ dashboard, paces, territory }: FlowProps) {
  const { phases } = dashboard;
  const ground = groundOf(dashboard, territory);
  const greatest = Math.max(...phases.map(({ value }) => value), 1);
  return (
    <ol className={classes.rows}>
      {phases.map((phase, place) => (
        <li key={phase.phase} className={classes.row}>
          <span
            className={classes.length}
            style={{
              width: `${(Math.max(0, phase.value) / greatest) * 100}%`,
              background: `var(--pp-${HUES[place] ?? 'blue'}-soft)`,
              borderColor: `var(--pp-${HUES[place] ?? 'blue'})`,
            }}
            aria-hidden
          />
          <Phase phase={phase} currency={dashboard.basis.base_currency} ground={ground} />
          {place < phases.length - 1 && (
            <MovedOn phase={phase} pace={paces[place]} ground={ground} />
          )}
        </li>
      ))}
    </ol>
  );
}

type PhaseProps = { phase: PhaseStanding; currency: string; ground: Ground };

function Phase({ phase, currency, ground }: PhaseProps) {
  const { number, deals, median_days: median } = phase;
  return (
    <span className={classes.words}>
      <Link className={classes.main} to={opportunities({ phase: number, ...ground })}>
        <span className={classes.name}>{phaseName(phase)}</span>
        <span className={classes.value}>{shortMoney(phase.value, currency)}</span>
      </Link>
      <span className={classes.line}>
        <Link to={opportunities({ phase: number, ...ground })}>{counted(deals, 'deal')}</Link>
        {median !== null && (
          <>
            {' · '}
            <Link
              to={opportunities({ phase: number, longest: true, ...ground })}
              aria-label={`${phaseName(phase)}, longest there first: median ${formatWhole(median)} days`}
            >
              median {formatWhole(median)} d
            </Link>
          </>
        )}
      </span>
    </span>
  );
}

type MovedOnProps = { phase: PhaseStanding; pace: PhasePace | undefined; ground: Ground };

/** How many move on; those who have not are behind it. */
function MovedOn({ phase, pace, ground }: MovedOnProps) {
  const share = movedOn(pace);
  if (share === null) return null;
  return (
    <Link
      className={classes.share}
      to={opportunities({ phase: phase.number, ...ground })}
      aria-label={`${share} move on from ${phaseName(phase)} within 12 months`}
      title="Opens those that are in the phase now"
    >
      {share}
    </Link>
  );
}
