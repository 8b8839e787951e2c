/** The milestones on one axis: planned, actual and expected, phase by phase, with today. */
import { Tooltip } from '@mantine/core';
import { IconAlertTriangle, IconArrowsSplit2, IconArrowUp } from '@tabler/icons-react';
import type { CSSProperties } from 'react';
import { ChartFrame } from '@/components/charts/chart-frame';
import { HatchPatterns } from '@/components/charts/hatches';
import { Section } from '@/components/page/section';
import { formatDay, formatDayFull, parseDay } from '@/lib/format';
import { useNow } from '@/lib/now';
import { phaseOf } from '@/lib/o2r-words';
import type { MilestoneLine, Opportunity, PhaseLine } from '../api/queries';
import { type Span, spanOf, type Tick } from '../lib/span';
import { conclusionOf, milestoneWords, phaseWords } from '../lib/words';
import { MilestoneLegend, MilestoneMarks, PhaseBar } from './milestone-marks';
import { MilestoneTable } from './milestone-table';
import classes from './milestones.module.css';

type MilestonesProps = {
  opportunity: Opportunity;
  /** Opens a milestone to set it; undefined where that is not allowed. */
  onOpen: ((milestone: string) => void) | undefined;
};

const month = new Intl.DateTimeFormat(undefined, { month: 'short' });
/** Names of months give way to today, which stands over its place and not behind it. */
const NEAR = 0.085;

const left = (share: number): CSSProperties => ({ left: `${(share * 100).toFixed(3)}%` });

export function Milestones({ opportunity, onOpen }: MilestonesProps) {
  const now = useNow('minute');
  const span = spanOf(opportunity);
  const today = span.place(opportunity.today);
  return (
    <Section title="Milestones" hint="planned and actual" action={<MilestoneLegend />}>
      <HatchPatterns />
      <ChartFrame
        conclusion={conclusionOf(opportunity, now)}
        table={<MilestoneTable opportunity={opportunity} />}
        note={paceWords(opportunity)}
        chart={
          <div className={classes.chart}>
            <div className={classes.axis} aria-hidden>
              <div className={classes.ticks}>
                {span.ticks
                  .filter(({ at }) => at < 0.97 && (at < today - NEAR || at > today + NEAR / 2))
                  .map((tick) => (
                    <span key={tick.day} className={classes.tick} style={left(tick.at)}>
                      {tickWord(tick)}
                    </span>
                  ))}
                <span className={classes.today} style={left(today)}>
                  {formatDay(opportunity.today, now)}
                </span>
              </div>
            </div>
            <div className={classes.grid} aria-hidden>
              {span.ticks.map((tick) => (
                <span key={tick.day} className={classes.line} style={left(tick.at)} />
              ))}
              <span className={classes.now} style={left(today)} />
            </div>
            {opportunity.phases.map((phase) => (
              <Phase
                key={phase.number}
                phase={phase}
                span={span}
                today={opportunity.today}
                onOpen={onOpen}
              />
            ))}
          </div>
        }
      />
    </Section>
  );
}

const tickWord = ({ day, isYear }: Tick): string =>
  isYear ? day.slice(0, 4) : month.format(parseDay(day));

/** What the expected dates are made of. */
function paceWords({ pace }: Opportunity): string | undefined {
  if (pace === null) return undefined;
  const speed =
    pace === 1
      ? 'at the planned or usual pace'
      : `${pace > 1 ? 'slower' : 'faster'} than planned or usual: ${pace.toFixed(2)} times the days`;
  return `Expected dates follow from this deal’s pace so far, ${speed}. They do not count in the score.`;
}

type PhaseProps = {
  phase: PhaseLine;
  span: Span;
  today: string;
  onOpen: MilestonesProps['onOpen'];
};

function Phase({ phase, span, today, onOpen }: PhaseProps) {
  const { numeral, title } = phaseOf(phase.number);
  return (
    <div className={classes.phase} role="group" aria-label={`Phase ${numeral}, ${title}`}>
      <div className={classes.row} data-kind="phase">
        <span className={classes.name}>
          Phase {numeral} · {title}
        </span>
        <span className={classes.track}>
          <PhaseBar phase={phase} span={span} today={today} />
        </span>
        <span
          className={classes.said}
          data-tone={phase.state === 'skipped' || phase.state === 'to_come' ? 'none' : undefined}
        >
          {phaseWords(phase)}
        </span>
      </div>
      {phase.milestones.map((line) => (
        <MilestoneRow key={line.milestone} line={line} span={span} onOpen={onOpen} />
      ))}
    </div>
  );
}

function MilestoneRow(props: {
  line: MilestoneLine;
  span: Span;
  onOpen: MilestonesProps['onOpen'];
}) {
  const { line, span, onOpen } = props;
  const now = useNow('minute');
  const tone =
    line.actual_on !== null
      ? line.is_late
        ? 'late'
        : undefined
      : line.expected_on !== null
        ? 'expected'
        : 'none';
  return (
    <div className={classes.row} data-kind="milestone">
      <span className={classes.name}>
        {onOpen === undefined ? (
          <>
            {line.label} <Change line={line} />
          </>
        ) : (
          <button
            type="button"
            className={classes.open}
            title={titleOf(line)}
            onClick={() => {
              onOpen(line.milestone);
            }}
          >
            {line.label} <Change line={line} />
          </button>
        )}
      </span>
      <span className={classes.track}>
        <MilestoneMarks line={line} span={span} />
      </span>
      <span className={classes.said} data-tone={tone}>
        {milestoneWords(line, now)}
      </span>
    </div>
  );
}

function titleOf(line: MilestoneLine): string {
  const planned =
    line.planned_on === null ? 'No planned date' : `Planned ${formatDayFull(line.planned_on)}`;
  const keeper =
    line.kept === 'crm' ? `kept in the CRM as ${line.crm_field ?? 'a field'}` : 'kept here';
  return `${planned}, ${line.kept === 'nowhere' ? 'its CRM field is not mapped' : keeper}`;
}

const CHANGES = {
  pending: { icon: IconArrowUp, said: 'On its way to the CRM' },
  conflict: { icon: IconArrowsSplit2, said: 'Both sides changed it. Someone decides' },
  error: { icon: IconAlertTriangle, said: 'The CRM refused it' },
} as const;

/** How an edit of it stands that the CRM has not accepted yet. */
function Change({ line }: { line: MilestoneLine }) {
  if (line.change === null) return null;
  const { icon: Icon, said } = CHANGES[line.change];
  const words = line.error === null ? said : `${said}: ${line.error}`;
  return (
    <Tooltip label={words}>
      <span role="img" aria-label={words} className={classes.change} data-state={line.change}>
        <Icon size={13} stroke={1.8} aria-hidden />
      </span>
    </Tooltip>
  );
}
