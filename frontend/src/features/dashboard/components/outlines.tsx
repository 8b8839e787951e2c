/** What will stand on the Dashboard, in dashed outlines. */
import { Fact, Facts } from '@/components/facts/facts';
import { KeyNumber, KeyNumbers } from '@/components/key-numbers/key-numbers';
import { Columns, Section } from '@/components/page/section';
import { NONE } from '@/lib/format';
import type { CurrentStatus } from '@/lib/queries/sync-state';
import { stateWord } from '../lib/mirror-words';
import classes from './outlines.module.css';

const NUMBERS = [
  'Pipeline value',
  'Weighted pipeline',
  'Revenue realised',
  'Qualified deals',
  'Revenue at risk',
];
/** From where to where each bar of the movement reaches, in percent of the height. */
const BARS: readonly [from: number, to: number][] = [
  [0, 84],
  [66, 83],
  [77, 87],
  [81, 89],
  [80, 87],
  [66, 84],
  [66, 74],
  [62, 68],
  [0, 93],
];

export function Outlines({ current }: { current: CurrentStatus }) {
  return (
    <div className={classes.outlines}>
      <h2 className={classes.title}>What you will see here</h2>
      <KeyNumbers label="What you will see here">
        {NUMBERS.map((label) => (
          <KeyNumber key={label} label={label} value={<Outline />} />
        ))}
      </KeyNumbers>
      <Columns>
        <Section title="What moved this week">
          <div className={classes.bars} aria-hidden>
            {BARS.map(([from, to]) => (
              <span key={`${from} ${to}`} className={classes.column}>
                <span
                  className={classes.bar}
                  style={{ bottom: `${from}%`, height: `${to - from}%` }}
                />
              </span>
            ))}
          </div>
        </Section>
        <Section title="Live CRM">
          <Facts>
            <Fact label="State">{stateWord(current).word}</Fact>
            <Fact label="Last sync">Never</Fact>
            <Fact label="Data is">{NONE}</Fact>
            <Fact label="Next sync">{NONE}</Fact>
            <Fact label="Pending changes">{NONE}</Fact>
          </Facts>
        </Section>
      </Columns>
    </div>
  );
}

function Outline() {
  return (
    <>
      <span className={classes.outline} aria-hidden />
      <span className={classes.unseen}>{NONE}</span>
    </>
  );
}
