/** What is drawn on the axis: a phase as a bar, a milestone as planned diamond, disc or ring. */
import { hatch } from '@/components/charts/hatches';
import { phaseOf } from '@/lib/o2r-words';
import type { MilestoneLine, PhaseLine } from '../api/queries';
import type { Span } from '../lib/span';
import classes from './milestones.module.css';

const DIAMOND = 'M 0 -6.5 L 6.5 0 L 0 6.5 L -6.5 0 Z';
const BAR = 10;

const percent = (share: number): string => `${(share * 100).toFixed(3)}%`;

export function PhaseBar({ phase, span, today }: { phase: PhaseLine; span: Span; today: string }) {
  const { hue } = phaseOf(phase.number);
  const { starts_on: start, ends_on: end, expected_end_on: coming } = phase;
  const begins = start ?? phase.expected_start_on;
  if (begins === null) return null;
  const solidTo = start === null ? null : (end ?? today);
  const hatchedTo = end === null ? coming : null;
  const hatchedFrom = start === null ? begins : today;
  const bar = (from: string, to: string) => ({
    x: percent(span.place(from)),
    width: percent(Math.max(span.place(to) - span.place(from), 0)),
    y: -BAR / 2,
    height: BAR,
  });
  return (
    <svg aria-hidden>
      <svg y="50%" overflow="visible">
        {start !== null && solidTo !== null && (
          <rect {...bar(start, solidTo)} rx={2} className={classes.bar} data-hue={hue} />
        )}
        {hatchedTo !== null && hatchedTo > hatchedFrom && (
          <>
            <rect {...bar(hatchedFrom, hatchedTo)} rx={2} fill={hatch(hue)} />
            <rect
              {...bar(hatchedFrom, hatchedTo)}
              rx={2}
              className={classes.outline}
              data-hue={hue}
            />
          </>
        )}
      </svg>
    </svg>
  );
}

export function MilestoneMarks({ line, span }: { line: MilestoneLine; span: Span }) {
  const { planned_on: planned, actual_on: actual, expected_on: expected } = line;
  const end = actual ?? expected;
  const isLate = actual !== null && line.is_late;
  return (
    <svg aria-hidden>
      {planned !== null && end !== null && (
        <line
          x1={percent(span.place(planned))}
          x2={percent(span.place(end))}
          y1="50%"
          y2="50%"
          className={classes.between}
          data-late={isLate || undefined}
          data-expected={actual === null || undefined}
        />
      )}
      {planned !== null && (
        <At x={span.place(planned)}>
          <path d={DIAMOND} className={classes.diamond} />
        </At>
      )}
      {actual !== null && (
        <At x={span.place(actual)}>
          <circle r={5.5} className={isLate ? classes.late : classes.done} />
        </At>
      )}
      {actual === null && expected !== null && (
        <At x={span.place(expected)}>
          <circle r={5} className={classes.ring} />
        </At>
      )}
    </svg>
  );
}

/** Shapes at a place that is told in percent, which paths do not know. */
function At({ x, children }: { x: number; children: React.ReactNode }) {
  return (
    <svg x={percent(x)} y="50%" overflow="visible">
      {children}
    </svg>
  );
}

/** The keys of the chart. */
export function MilestoneLegend() {
  return (
    <span className={classes.legend}>
      <Key word="planned">
        <path d={DIAMOND} transform="scale(.8)" className={classes.diamond} />
      </Key>
      <Key word="done">
        <circle r={5} className={classes.done} />
      </Key>
      <Key word="done late, over 5 d">
        <circle r={5} className={classes.late} />
      </Key>
      <Key word="expected">
        <circle r={4.5} className={classes.ring} />
      </Key>
    </span>
  );
}

function Key({ word, children }: { word: string; children: React.ReactNode }) {
  return (
    <span>
      <svg width={13} height={13} viewBox="-6.5 -6.5 13 13" aria-hidden>
        {children}
      </svg>
      {word}
    </span>
  );
}
