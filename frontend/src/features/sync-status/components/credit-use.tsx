/** Credits of the rolling day against the organisation's real limit: now as a bar, and over the range. */
import { Section } from '@/components/page/section';
import { counted, formatShare, formatWhole } from '@/lib/format';
import type { Performance } from '../api/queries';
import classes from './credit-use.module.css';
import { SmallChart } from './small-chart';

export function CreditUse({ performance }: { performance: Performance }) {
  const { used_24h: used, limit_24h: limit, parts } = performance;
  const most = Math.max(...parts.map(({ credits_24h }) => credits_24h));
  const conclusion = `Credits of the rolling day: ${formatWhole(used)} used${
    limit === null ? '' : ` of ${formatWhole(limit)}`
  }, at most ${formatWhole(most)} in this range.`;
  return (
    <Section title="API usage" hint="rolling 24 hours: each credit comes back a day later">
      <p className={classes.words}>
        <strong>{formatWhole(used)}</strong>{' '}
        {limit === null
          ? 'credits used. The limit is known once the organisation has been read.'
          : `of ${counted(limit, 'credit')} used, ${formatShare(limit === 0 ? 1 : used / limit)}. ${formatWhole(
              performance.remaining_24h ?? 0,
            )} left.`}
      </p>
      {limit !== null && limit > 0 && <Bar used={used} limit={limit} />}
      <p className={classes.over}>Used in the 24 hours before each point, counted by us</p>
      <SmallChart
        points={parts.map((part) => ({ part, value: part.credits_24h }))}
        as="line"
        format={formatWhole}
        conclusion={conclusion}
        // A limit far above would press the line to the ground: the bar above shows the distance.
        {...(limit !== null && most > limit / 4 ? { limit: { value: limit, name: 'Limit' } } : {})}
      />
    </Section>
  );
}

function Bar({ used, limit }: { used: number; limit: number }) {
  const share = Math.min(1, used / limit);
  return (
    <div
      className={classes.track}
      role="meter"
      aria-label="Credits used"
      aria-valuemin={0}
      aria-valuemax={limit}
      aria-valuenow={used}
      aria-valuetext={`${formatWhole(used)} of ${formatWhole(limit)}`}
    >
      <div className={classes.fill} data-high={share >= 0.9} style={{ width: `${share * 100}%` }} />
    </div>
  );
}
