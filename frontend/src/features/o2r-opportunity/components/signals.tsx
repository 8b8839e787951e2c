/** Why the health is what it is: signals with their points, blockers that can be resolved. */
import { Button } from '@mantine/core';
import { IconCircleDashed } from '@tabler/icons-react';
import { useState } from 'react';
import { Section } from '@/components/page/section';
import { StateBadge } from '@/components/status/state-badge';
import { HEALTH_STATES } from '@/components/status/vocabulary';
import { Moment } from '@/components/time/moment';
import { counted, formatWhole } from '@/lib/format';
import { useMay } from '@/lib/queries/session';
import type { Blocker, Opportunity } from '../api/queries';
import { ResolveForm } from './blocker-forms';
import classes from './lists.module.css';

const BEST_SCORE = 100;
const EXPECTED = { icon: IconCircleDashed, hue: 'purple', word: 'Expected' } as const;
const LATE_OVER_DAYS = 5;

export function Signals({ opportunity }: { opportunity: Opportunity }) {
  const { health, blockers, next_milestone: next, ended } = opportunity;
  const mayEdit = useMay('editor');
  const [resolving, resolve] = useState<Blocker | null>(null);
  const open = blockers.filter(({ resolved_at: at }) => at === null);
  const resolved = blockers.filter(({ resolved_at: at }) => at !== null);
  const off = BEST_SCORE - health.score;
  const isSlow = next?.late_days != null && next.late_days > LATE_OVER_DAYS;
  const others = health.signals.filter(({ rule }) => rule !== 'blocker_open');
  return (
    <Section
      title="Health signals"
      {...(ended === null && {
        hint: off === 0 ? 'no points off' : `${formatWhole(off)} points off`,
      })}
    >
      <ul className={classes.list}>
        {open.map((blocker) => (
          <li key={blocker.id} className={classes.signal}>
            <span className={classes.first}>
              <StateBadge state={HEALTH_STATES.blocked} />
              <strong>
                {blocker.title}{' '}
                {blocker.days === 0 ? 'since today' : `open for ${counted(blocker.days, 'day')}`}
              </strong>
              {mayEdit && (
                <Button
                  size="compact-xs"
                  className={classes.act ?? ''}
                  onClick={() => {
                    resolve(blocker);
                  }}
                  aria-label={`Resolve ${blocker.title}`}
                >
                  Resolve
                </Button>
              )}
            </span>
            <span className={classes.second}>
              Opened by {blocker.opened_by}. Agree who removes it and by when.
              {ended === null && ' Severity 4, for all blockers together'}
            </span>
          </li>
        ))}
        {others.map((signal) => (
          <li key={signal.rule} className={classes.signal}>
            <span className={classes.first}>
              <StateBadge state={HEALTH_STATES[signal.health]} />
              <strong>{signal.reason.replace(/\.$/, '')}</strong>
            </span>
            <span className={classes.second}>
              {signal.advice} Severity {signal.severity}
            </span>
          </li>
        ))}
        {isSlow && (
          <li className={classes.signal}>
            <span className={classes.first}>
              <StateBadge state={EXPECTED} />
              <strong>
                {next.label} expected {formatWhole(next.late_days ?? 0)} days late
              </strong>
            </span>
            <span className={classes.second}>
              From this deal’s pace so far. Not counted in the score
            </span>
          </li>
        )}
        {open.length === 0 && others.length === 0 && !isSlow && (
          <li className={classes.nothing}>
            {ended === null
              ? 'No signals. Nothing needs you here.'
              : 'Deals that are lost or have their revenue recognised are not judged.'}
          </li>
        )}
      </ul>
      {resolved.length > 0 && <Resolved blockers={resolved} />}
      {resolving !== null && (
        <ResolveForm
          blocker={resolving}
          onClose={() => {
            resolve(null);
          }}
        />
      )}
    </Section>
  );
}

function Resolved({ blockers }: { blockers: readonly Blocker[] }) {
  return (
    <details className={classes.details}>
      <summary>{counted(blockers.length, 'resolved blocker')}</summary>
      <ul className={classes.list}>
        {blockers.map((blocker) => (
          <li key={blocker.id} className={classes.signal}>
            <span className={classes.first}>{blocker.title}</span>
            <span className={classes.second}>
              {counted(blocker.days, 'day')}, resolved by {blocker.resolved_by}
              {blocker.resolved_at !== null && (
                <>
                  {' '}
                  <Moment at={blocker.resolved_at} as="when" />
                </>
              )}
              {blocker.resolution !== null && `: ${blocker.resolution}`}
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}
