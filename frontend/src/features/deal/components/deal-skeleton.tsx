/** The page of a deal before it is there: the same shape, so that nothing jumps. */
import { Skeleton } from '@mantine/core';
import { KeyNumber, KeyNumbers } from '@/components/key-numbers/key-numbers';
import { Page } from '@/components/page/page';
import { Columns, Section } from '@/components/page/section';
import classes from './deal-skeleton.module.css';

const NUMBERS = ['Amount', 'Weighted', 'Days in stage', 'Closing date', 'Last change'];

export function DealSkeleton() {
  return (
    <div aria-busy="true">
      <Page
        title="Deal"
        lede={<Skeleton component="span" display="block" height={14} width={380} my={4} />}
      >
        <KeyNumbers label="Key numbers">
          {NUMBERS.map((label) => (
            <KeyNumber key={label} label={label} value="" isLoading />
          ))}
        </KeyNumbers>
        <div className={classes.stages}>
          {[1, 2, 3, 4, 5, 6].map((place) => (
            <Skeleton key={place} height={29} />
          ))}
        </div>
        <Columns>
          <div className={classes.fields}>
            <Section title="Deal">
              <Rows count={12} />
            </Section>
            <Section title="Dates">
              <Rows count={7} />
            </Section>
          </div>
          <Section title="Timeline">
            <Rows count={8} />
          </Section>
        </Columns>
      </Page>
    </div>
  );
}

function Rows({ count }: { count: number }) {
  return Array.from({ length: count }, (_, place) => (
    <Skeleton key={place} height={14} my={9} width={`${85 - ((place * 17) % 40)}%`} />
  ));
}
