/** The turns of a run: asked for, started, stopped or ended, with the time between them. */
import { Section } from '@/components/page/section';
import { formatDuration, formatLogTime, formatStamp } from '@/lib/format';
import type { RunInFull } from '../api/queries';
import { triggerOf } from '../lib/words';
import classes from './run-drawer.module.css';

type Event = RunInFull['timeline'][number]['event'];

const WORDS: Record<Event, string> = {
  requested: 'Asked for',
  started: 'Started',
  cancel_requested: 'Asked to stop',
  completed: 'Completed',
  failed: 'Failed',
  cancelled: 'Stopped',
};

export function RunTimeline({ run }: { run: RunInFull }) {
  const { timeline, session } = run;
  return (
    <Section title="Timeline">
      <ol className={classes.turns}>
        {timeline.map(({ at, event }, index) => {
          const moment = new Date(at);
          const before = timeline[index - 1];
          const since = before ? (moment.getTime() - Date.parse(before.at)) / 1_000 : null;
          return (
            <li key={event} className={classes.turn}>
              <time className={classes.time} dateTime={at} title={formatStamp(moment)}>
                {formatLogTime(moment)}
              </time>
              <span>
                {WORDS[event]}
                {event === 'requested' && `: ${triggerOf(session)}`}
              </span>
              <span className={classes.time}>
                {since !== null && `after ${formatDuration(Math.max(0, since))}`}
              </span>
            </li>
          );
        })}
      </ol>
    </Section>
  );
}
