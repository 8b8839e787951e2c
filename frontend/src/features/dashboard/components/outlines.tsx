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
  'Open deals',
  'Past closing date',
];
const BARS = [46, 62, 55, 78, 38, 24];

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
        <Section title="Pipeline by stage">
          <div className={classes.bars} aria-hidden>
            {BARS.map((width) => (
              <span key={width} className={classes.bar} style={{ width: `${width}%` }} />
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
