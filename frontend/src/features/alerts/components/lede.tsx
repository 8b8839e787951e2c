/** The first line: how many changes ask for a look, and which. */
import { Fragment } from 'react';
import { Link } from 'react-router';
import { counted, formatWhole } from '@/lib/format';
import type { AlertRule } from '@/lib/queries/alerts';
import type { AlertPage } from '../api/queries';
import type { Asked } from '../lib/asked';

const ONE: Record<AlertRule, string> = {
  amount_moved: '1 amount moved',
  probability_fell: '1 probability fell',
  closing_pushed: '1 closing date was pushed',
  stage_backwards: '1 stage went back',
};
const MANY: Record<AlertRule, string> = {
  amount_moved: 'amounts moved',
  probability_fell: 'probabilities fell',
  closing_pushed: 'closing dates were pushed',
  stage_backwards: 'stages went back',
};

export function Lede({ page, asked }: { page: AlertPage | undefined; asked: Asked }) {
  if (page === undefined) return 'Loading…';
  const some = Object.entries(page.by_rule).filter(([, count]) => count > 0) as [
    AlertRule,
    number,
  ][];
  const all = some.reduce((sum, [, count]) => sum + count, 0);
  if (asked.status !== 'open') {
    return `${counted(page.acknowledged, 'alert')} acknowledged, ${formatWhole(page.open)} open.`;
  }
  if (all === 0) return 'Nothing needs you here.';
  return (
    <>
      <strong>{counted(all, 'change')}</strong> {all === 1 ? 'asks' : 'ask'} for a look:{' '}
      {some.map(([rule, count], place) => (
        <Fragment key={rule}>
          {place > 0 && (place === some.length - 1 ? ' and ' : ', ')}
          <Link to={{ search: searchOf(asked, rule) }}>
            {count === 1 ? ONE[rule] : `${formatWhole(count)} ${MANY[rule]}`}
          </Link>
        </Fragment>
      ))}
      .
    </>
  );
}

function searchOf(asked: Asked, rule: AlertRule): string {
  const search = new URLSearchParams(asked.params);
  search.set('rule', rule);
  return search.toString();
}
