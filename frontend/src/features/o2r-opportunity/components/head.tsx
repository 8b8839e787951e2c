/** Title, badges and actions of an opportunity. */
import { ActionIcon, Button, Tooltip } from '@mantine/core';
import {
  IconChevronLeft,
  IconChevronRight,
  IconFlagPlus,
  IconHandStop,
  IconMessagePlus,
  IconStar,
  IconStarFilled,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from 'react-router';
import { StateBadge } from '@/components/status/state-badge';
import { HEALTH_STATES, RECORD_STATES } from '@/components/status/vocabulary';
import { Moment } from '@/components/time/moment';
import { formatAmount } from '@/lib/format';
import { useShortcuts } from '@/lib/keys';
import { askedOf, openedFrom, useOpenedFrom } from '@/lib/opportunities-list';
import { opportunitiesAround } from '@/lib/queries/opportunities';
import { useMay } from '@/lib/queries/session';
import { tellError } from '@/lib/toast';
import { tellUndoable } from '@/lib/undo';
import { type Opportunity, useSetStrategic } from '../api/queries';
import classes from './head.module.css';

const ICON = { size: 16, stroke: 1.7, 'aria-hidden': true } as const;

export function Badges({ opportunity }: { opportunity: Opportunity }) {
  const { health, ended, state } = opportunity;
  return (
    <>
      {ended === null ? (
        <StateBadge state={HEALTH_STATES[health.status]} />
      ) : (
        <span className={classes.ended}>{ended === 'lost' ? 'Lost' : 'Revenue recognised'}</span>
      )}
      <Strategic opportunity={opportunity} />
      {state !== 'synced' && <StateBadge state={RECORD_STATES[state]} />}
    </>
  );
}

/** The flag is the account's: pressing it changes all of its deals. */
function Strategic({ opportunity }: { opportunity: Opportunity }) {
  const { is_strategic: isStrategic, account } = opportunity;
  const mayEdit = useMay('editor');
  const change = useSetStrategic(opportunity.id);
  const undo = useSetStrategic(opportunity.id);
  const Icon = isStrategic ? IconStarFilled : IconStar;
  if (account === null || (!mayEdit && !isStrategic)) return null;
  const name = account.name ?? 'The account';
  if (!mayEdit) {
    return (
      <Tooltip label={`${name} is a strategic account`}>
        <span className={classes.flag}>
          <IconStar size={13} stroke={1.8} aria-hidden /> Strategic
        </span>
      </Tooltip>
    );
  }
  const press = (): void => {
    change.mutate(!isStrategic, {
      onSuccess: () => {
        const said = isStrategic
          ? `${name} is no strategic account any more.`
          : `${name} is a strategic account.`;
        tellUndoable(said, () => {
          undo.mutate(isStrategic, { onError: failed });
        });
      },
      onError: failed,
    });
  };
  return (
    <Tooltip
      label={`${isStrategic ? 'Take the flag off' : 'Flag'} ${name}: all of its deals show it`}
      multiline
      maw={280}
    >
      <button
        type="button"
        className={classes.flag}
        aria-pressed={isStrategic}
        disabled={change.isPending}
        onClick={press}
      >
        <Icon size={13} stroke={1.8} aria-hidden /> Strategic
      </button>
    </Tooltip>
  );
}

const failed = (error: Error): void => {
  tellError(error, 'The flag was not changed.');
};

export function FactsLine({ opportunity }: { opportunity: Opportunity }) {
  const { account, country, owner, amount, currency, stage } = opportunity;
  const money =
    amount === null || currency === null ? null : `${currency} ${formatAmount(amount, currency)}`;
  const facts = [account?.name, country, owner?.name, stage, money];
  return (
    <>
      {facts.filter((fact) => fact != null).join(' · ')}
      {' · '}
      {RECORD_WORDS[opportunity.state]}
      {opportunity.last_synced_at !== null && (
        <>
          , <Moment at={opportunity.last_synced_at} />
        </>
      )}
      {' · '}
      <Link to={`/deals/${opportunity.id}`} className={classes.deal}>
        Open the deal
      </Link>
    </>
  );
}

const RECORD_WORDS: Record<Opportunity['state'], string> = {
  synced: 'in sync',
  pending: 'edits on their way to the CRM',
  conflict: 'in conflict',
  error: 'not in sync',
  deleted: 'deleted in the CRM',
};

export type Wanted = { form: 'comment' } | { form: 'blocker' } | { form: 'milestone'; of: string };

type HeadActionsProps = { opportunity: Opportunity; onWant: (wanted: Wanted) => void };

export function HeadActions({ opportunity, onWant }: HeadActionsProps) {
  const mayEdit = useMay('editor');
  const first =
    opportunity.next_milestone?.milestone ??
    opportunity.phases.at(-1)?.milestones.at(-1)?.milestone ??
    '';
  return (
    <>
      <Neighbours id={opportunity.id} />
      {mayEdit && (
        <>
          <Button
            leftSection={<IconMessagePlus {...ICON} />}
            onClick={() => {
              onWant({ form: 'comment' });
            }}
          >
            Comment
          </Button>
          <Button
            leftSection={<IconHandStop {...ICON} />}
            onClick={() => {
              onWant({ form: 'blocker' });
            }}
          >
            Blocker
          </Button>
          <Button
            variant="filled"
            leftSection={<IconFlagPlus {...ICON} />}
            onClick={() => {
              onWant({ form: 'milestone', of: first });
            }}
          >
            Set milestone
          </Button>
        </>
      )}
    </>
  );
}

/** The ones before and after it in the list that it was opened from, by keys too. */
function Neighbours({ id }: { id: string }) {
  const navigate = useNavigate();
  const from = useOpenedFrom();
  const place = from?.place ?? 0;
  const around = useQuery({
    ...opportunitiesAround(askedOf(new URLSearchParams(from?.search ?? '')), place),
    enabled: from !== undefined,
  });
  const rows = around.data?.items ?? [];
  const here = rows.findIndex((row) => row.id === id);
  const previous = here > 0 ? rows[here - 1] : undefined;
  const next = here >= 0 ? rows[here + 1] : undefined;
  const go = (to: { id: string } | undefined, step: number): void => {
    if (to === undefined || from === undefined) return;
    const at = (around.data?.offset ?? 0) + here + step;
    void navigate(`/o2r/opportunities/${to.id}`, {
      state: openedFrom({ search: from.search, place: at }),
    });
  };
  useShortcuts([
    {
      keys: '[',
      does: 'Previous opportunity of the list',
      run: () => {
        go(previous, -1);
      },
    },
    {
      keys: ']',
      does: 'Next opportunity of the list',
      run: () => {
        go(next, 1);
      },
    },
  ]);
  if (here < 0) return null;
  return (
    <span className={classes.neighbours}>
      <Tooltip label="Previous opportunity of the list: [">
        <ActionIcon
          variant="default"
          aria-label="Previous opportunity of the list"
          disabled={previous === undefined}
          onClick={() => {
            go(previous, -1);
          }}
        >
          <IconChevronLeft {...ICON} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Next opportunity of the list: ]">
        <ActionIcon
          variant="default"
          aria-label="Next opportunity of the list"
          disabled={next === undefined}
          onClick={() => {
            go(next, 1);
          }}
        >
          <IconChevronRight {...ICON} />
        </ActionIcon>
      </Tooltip>
    </span>
  );
}
