/** The page's first sentence: how the runs went and what is not in sync; among conflicts, what they are. */
import { Link } from 'react-router';
import { OVERALL_STATES } from '@/components/status/vocabulary';
import { counted, formatWhole } from '@/lib/format';
import type { Health } from '../api/queries';
import type { Search } from '../lib/search';
import { RANGE_WORDS } from '../lib/words';

/** `open` counts the conflicts that ask for a decision; undefined where nobody knows. */
type Props = { health: Health; open: number | undefined; search: Search };

export function Verdict({ health, open = 0, search }: Props) {
  if (search.tab === 'conflicts' && open > 0) {
    return `${counted(open, 'record')} ${open === 1 ? 'was' : 'were'} changed on both sides. Nothing is overwritten until someone decides.`;
  }
  return (
    <>
      <HowRunsWent health={health} search={search} />
      <WhatIsApart health={health} search={search} />
    </>
  );
}

function HowRunsWent({ health, search }: { health: Health; search: Search }) {
  const { successful_sessions: good, failed_sessions: bad } = health.sync_statistics;
  const span = RANGE_WORDS[search.range];
  if (good + bad === 0) return `No run has ended in ${span}, and `;
  const word = OVERALL_STATES[health.overall_health].word;
  if (bad === 0) {
    const all = good === 1 ? 'The only run' : `All ${formatWhole(good)} runs`;
    return `${word}. ${all} in ${span} succeeded, and `;
  }
  return (
    <>
      {word}.{' '}
      <Link to={search.to({ tab: 'history', status: 'failed', page: null })}>
        {formatWhole(good)} of {counted(good + bad, 'run')}
      </Link>{' '}
      in {span} succeeded, and{' '}
    </>
  );
}

function WhatIsApart({ health, search }: { health: Health; search: Search }) {
  const { total_count: total, synced_count: synced } = health.record_status;
  const apart = total - synced;
  if (total === 0)
    return (
      <>
        no record is mirrored yet. <Link to="/live-sync">Live Sync Control</Link> loads them.
      </>
    );
  if (apart === 0) return `all ${counted(total, 'record')} are in sync.`;
  return (
    <>
      <Link to={search.to({ records: 'all' })} preventScrollReset>
        {formatWhole(apart)} of {counted(total, 'record')}
      </Link>{' '}
      {apart === 1 ? 'is' : 'are'} not in sync.
    </>
  );
}
