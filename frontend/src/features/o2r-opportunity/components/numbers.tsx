/** The opportunity in five numbers: worth, where it is, what comes next, when money comes, health. */
import { Fresh } from '@/components/fresh/fresh';
import { KeyNumber, KeyNumbers } from '@/components/key-numbers/key-numbers';
import { HEALTH_STATES } from '@/components/status/vocabulary';
import {
  formatAmount,
  formatDay,
  formatDayFull,
  formatWhole,
  NONE,
  parseDay,
  symbolOf,
} from '@/lib/format';
import { noRateWords } from '@/lib/missing-rates';
import { useNow } from '@/lib/now';
import { lateWords, phaseOf } from '@/lib/o2r-words';
import type { MilestoneLine, Opportunity } from '../api/queries';
import classes from './numbers.module.css';

const LATE_OVER_DAYS = 5;

export function Numbers({ opportunity }: { opportunity: Opportunity }) {
  return (
    <KeyNumbers label="Key numbers">
      <Value opportunity={opportunity} />
      <PhaseNow opportunity={opportunity} />
      <NextMilestone opportunity={opportunity} />
      <Revenue opportunity={opportunity} />
      <HealthScore opportunity={opportunity} />
    </KeyNumbers>
  );
}

const milestone = ({ phases }: Opportunity, wanted: string): MilestoneLine | undefined =>
  phases.flatMap(({ milestones }) => milestones).find((line) => line.milestone === wanted);

function Value({ opportunity }: { opportunity: Opportunity }) {
  const { value, amount, currency, base_currency: base, closing_date: closing } = opportunity;
  const po = milestone(opportunity, 'po_received')?.actual_on;
  const fact =
    po != null
      ? `PO ${formatDayFull(po)}`
      : closing !== null
        ? `closing ${formatDayFull(closing)}`
        : 'no closing date';
  if (opportunity.is_without_rate) {
    return (
      <KeyNumber
        label="Value"
        unit={currency ?? ''}
        value={formatAmount(amount ?? 0, currency ?? base)}
        fact={noRateWords(currency, base)}
        factHue="amber"
      />
    );
  }
  return (
    <KeyNumber
      label="Value"
      {...(value !== null && { unit: symbolOf(base) })}
      value={<Fresh of={String(value)}>{value === null ? 'Empty' : formatWhole(value)}</Fresh>}
      fact={fact}
      {...(value !== null && {
        about: `${base} ${formatAmount(value, base, { cents: true })}, from ${currency ?? base} ${formatAmount(amount ?? 0, currency ?? base, { cents: true })}.`,
      })}
    />
  );
}

function PhaseNow({ opportunity: { phase, ended } }: { opportunity: Opportunity }) {
  const { numeral, title, hue } = phaseOf(phase.number);
  const days = phase.days === null ? 'since unknown' : `${formatWhole(phase.days)} days`;
  const median = phase.median_days === null ? '' : `, median ${formatWhole(phase.median_days)}`;
  const end = { lost: 'the deal is lost', recognised: 'revenue is recognised' } as const;
  return (
    <KeyNumber
      label="Phase"
      hue={hue}
      value={<Fresh of={numeral}>{numeral}</Fresh>}
      of={title}
      fact={ended === null ? `${days}${median}` : end[ended]}
      about="A phase begins with a date: created, proposal submitted, PO received, invoice raised. The median is of all deals that entered the phase in the last two years, unfinished ones counted as such."
    />
  );
}

function NextMilestone({ opportunity }: { opportunity: Opportunity }) {
  const now = useNow('minute');
  const next = opportunity.next_milestone;
  if (next === null) {
    return <KeyNumber label="Next milestone" value={NONE} fact="nothing is to come" />;
  }
  const isLate = next.late_days !== null && next.late_days > LATE_OVER_DAYS;
  return (
    <KeyNumber
      label="Next milestone"
      hue="purple"
      value={
        <span className={classes.name}>
          <Fresh of={next.milestone}>{next.label}</Fresh>
        </span>
      }
      fact={
        next.expected_on === null ? (
          next.planned_on === null ? (
            'no date yet'
          ) : (
            `planned ${formatDay(next.planned_on, now)}`
          )
        ) : (
          <>
            expected {formatDay(next.expected_on, now)}
            {next.late_days !== null && (
              <>
                , <span data-late={isLate || undefined}>{lateWords(next.late_days)}</span>
              </>
            )}
          </>
        )
      }
      about="The first milestone after the last one reached. The expected date is an estimate from this deal’s pace so far; it does not count in the score."
    />
  );
}

function Revenue({ opportunity: { revenue, ended } }: { opportunity: Opportunity }) {
  const now = useNow('minute');
  const plan =
    revenue.planned_on === null ? 'no plan' : `plan ${formatDay(revenue.planned_on, now)}`;
  if (revenue.received_on !== null) {
    return (
      <KeyNumber
        label="Payment received"
        hue="green"
        value={<DayOf day={revenue.received_on} />}
        fact={plan}
      />
    );
  }
  return (
    <KeyNumber
      label="Revenue expected"
      hue="purple"
      value={revenue.expected_on === null ? NONE : <DayOf day={revenue.expected_on} />}
      fact={ended === 'lost' ? 'the deal is lost' : plan}
      about="When the payment comes. An estimate from this deal’s pace so far: the plan, else what is usual here, times its pace."
    />
  );
}

/** The day large, its year small. */
function DayOf({ day }: { day: string }) {
  // Told as in its own year, which stands beside it.
  return (
    <Fresh of={day}>
      {formatDay(day, parseDay(day))} <span className={classes.year}>{day.slice(0, 4)}</span>
    </Fresh>
  );
}

function HealthScore({ opportunity: { health, ended } }: { opportunity: Opportunity }) {
  const { word, hue } = HEALTH_STATES[health.status];
  return (
    <KeyNumber
      label="Health score"
      {...(hue !== null && { hue })}
      value={<Fresh of={String(health.score)}>{formatWhole(health.score)}</Fresh>}
      of="of 100"
      fact={
        ended !== null
          ? 'not judged any more'
          : health.severity === 0
            ? word.toLowerCase()
            : `${word.toLowerCase()}, severity ${formatWhole(health.severity)}`
      }
      about="100 less 8 points for each severity of a signal."
    />
  );
}
