/** How fast the run is, where it waited, and how long the rest is expected to take. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import { Section } from '@/components/page/section';
import { counted, formatDuration, formatWhole } from '@/lib/format';
import type { RateOverTime, Session } from '../api/queries';
import { conclusionOf } from '../lib/rate';
import { stepWords } from '../lib/words';
import { RateChart } from './rate-chart';
import classes from './rate-section.module.css';

type RateSectionProps = { session: Session; history: RateOverTime };

export function RateSection({ session, history }: RateSectionProps) {
  const [isTable, setIsTable] = useState(false);
  const noun = session.module.toLowerCase();
  return (
    <Section
      title="Rate"
      hint={`${noun} a second`}
      action={
        <Button
          variant="subtle"
          size="compact-xs"
          onClick={() => {
            setIsTable(!isTable);
          }}
        >
          {isTable ? 'Show as chart' : 'Show as table'}
        </Button>
      }
    >
      {isTable ? (
        <RateTable history={history} noun={noun} />
      ) : (
        <RateChart
          history={history}
          rest={
            session.seconds_left === null || session.rate === null
              ? null
              : { left: session.seconds_left, rate: session.rate }
          }
          toGo={
            session.records_total === null
              ? null
              : session.records_total - session.records_processed
          }
          label={labelOf(session, history, noun)}
        />
      )}
    </Section>
  );
}

function labelOf(session: Session, history: RateOverTime, noun: string): string {
  const { highest, waits } = conclusionOf(history);
  const rate =
    session.rate === null ? '' : `${formatWhole(session.rate)} ${noun} a second on average, `;
  const stops = waits === 0 ? 'no waits' : counted(waits, 'wait');
  const end =
    session.seconds_left === null ? '' : `, about ${formatDuration(session.seconds_left)} left`;
  return `${rate}${formatWhole(highest)} at most, ${stops}${end}`;
}

function RateTable({ history, noun }: { history: RateOverTime; noun: string }) {
  const rows = [
    ...history.samples.map(({ at_s: at, rate }) => ({ at, words: formatWhole(rate) })),
    ...history.waits.map((wait) => ({
      at: wait.at_s,
      words: `${wait.http_status ?? 'No answer'}, waited ${formatDuration(wait.wait_s)} (${stepWords(wait.step)})`,
    })),
  ].sort((one, other) => one.at - other.at);
  return (
    // A scrolling region takes the focus, so that arrow keys can scroll it.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={classes.scroll} role="region" aria-label="Rate as a table" tabIndex={0}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">After</th>
            <th scope="col">{noun} a second</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ at, words }) => (
            <tr key={`${at} ${words}`}>
              <th scope="row">{formatDuration(at)}</th>
              <td>{words}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
