/** What stands out in the week: facts found by rules, each leading to what it is about. */
import { IconCircleDot, IconTrendingDown, IconTrendingUp, type Icon } from '@tabler/icons-react';
import { Link } from 'react-router';
import { Section } from '@/components/page/section';
import { NothingHere } from '@/components/panel/query-panel';
import { AS_OF } from '@/lib/deal-filters';
import type { Group, ReviewInsight, WeeklyReview } from '../api/queries';
import { TONE_WORD } from '../lib/words';
import classes from './insights.module.css';

const ICONS: Record<ReviewInsight['tone'], Icon> = {
  good: IconTrendingUp,
  bad: IconTrendingDown,
  plain: IconCircleDot,
};

type InsightsProps = {
  review: WeeklyReview;
  territory: string | null;
  linkTo: (group: Group, owner?: string | null) => string;
};

export function Insights({ review, territory, linkTo }: InsightsProps) {
  return (
    <Section title="What stands out" hint="found by rules, biggest first of each kind">
      {review.insights.length === 0 ? (
        <NothingHere>Nothing stands out in this week.</NothingHere>
      ) : (
        <ul className={classes.list}>
          {review.insights.map((insight) => {
            const ToneIcon = ICONS[insight.tone];
            const to = addressOf(insight, review, territory, linkTo);
            return (
              <li key={insight.kind} className={classes.insight} data-tone={insight.tone}>
                <ToneIcon
                  size={16}
                  stroke={1.8}
                  role="img"
                  aria-label={`${TONE_WORD[insight.tone]}:`}
                  aria-hidden={false}
                />
                {to === null ? <span>{insight.words}</span> : <Link to={to}>{insight.words}</Link>}
              </li>
            );
          })}
        </ul>
      )}
    </Section>
  );
}

function addressOf(
  { group, owner, deal_id: deal, phase }: ReviewInsight,
  { basis }: WeeklyReview,
  territory: string | null,
  linkTo: InsightsProps['linkTo'],
): string | null {
  if (group !== null) return linkTo(group, owner);
  if (deal !== null) return `/o2r/opportunities/${deal}`;
  if (phase === null) return null;
  const params = new URLSearchParams({ phase: String(phase) });
  if (territory !== null) params.append('region', territory);
  // The list shows now, and says so where the week is over.
  if (basis.is_past) params.set(AS_OF, basis.as_of);
  return `/o2r/opportunities?${params.toString()}`;
}
