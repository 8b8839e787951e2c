import { useDebouncedValue } from '@mantine/hooks';
import {
  IconArrowsSplit2,
  IconBookmark,
  IconBolt,
  IconBriefcase,
  IconDatabaseImport,
  IconDatabaseSearch,
  IconScale,
  IconStack2,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { type SyncKind, useStartSync } from '@/lib/queries/sync-state';
import { useMay, useMe } from '@/lib/queries/session';
import { viewsQuery } from '@/lib/queries/views';
import { formatWhole, symbolOf } from '@/lib/format';
import { addressOf } from '@/lib/saved-views';
import { tellError } from '@/lib/toast';
import { mayOpen } from '../may-open';
import { PLACES } from '../navigation';
import type { Entry, Mode } from './entries';
import { askFor, foundDealsQuery } from './found-deals';

/** What a view shows. */
const VIEWED = {
  analysis: 'the analysis',
  deals: 'deals',
  opportunities: 'opportunities',
} as const;

/** Returns what the palette can offer this person for what was typed. */
export function useEntries(mode: Mode, words: string): Entry[] {
  const me = useMe();
  const navigate = useNavigate();
  const mayEdit = useMay('editor');
  const [asked] = useDebouncedValue(askFor(mode, words), 150);
  const { data: found } = useQuery(foundDealsQuery(asked));
  // Asked for once somebody types what may be a name; the palette stands on every page.
  const { data: saved } = useQuery({
    ...viewsQuery(),
    enabled: asked !== null && mode === 'all',
  });
  const { mutate } = useStartSync();
  const start = (kind: SyncKind) => (): void => {
    mutate(kind, {
      onSuccess: () => void navigate('/live-sync'),
      onError: (error) => {
        tellError(error, 'The sync did not start.');
      },
    });
  };
  const actions: Entry[] = [
    {
      id: 'quick-sync',
      group: 'Actions',
      icon: IconBolt,
      label: 'Quick sync',
      hint: 'Only what changed since the last one',
      run: start('incremental'),
    },
    {
      id: 'full-sync',
      group: 'Actions',
      icon: IconDatabaseImport,
      label: 'Full CRM sync',
      hint: 'Asks first',
      run: () => void navigate('/live-sync?action=full'),
    },
    {
      id: 'reconcile',
      group: 'Actions',
      icon: IconScale,
      label: 'Check drift now, reconcile sync',
      hint: 'Compares counts, reads only what differs',
      run: start('reconcile'),
    },
    {
      id: 'bulk',
      group: 'Actions',
      icon: IconStack2,
      label: 'Change many deals at once',
      hint: 'Shows everything first',
      run: () => void navigate('/bulk'),
    },
  ];
  const pages: Entry[] = PLACES.filter((place) => mayOpen(me, place)).map((place) => ({
    id: place.path,
    group: 'Pages',
    icon: place.icon,
    label: place.path === '/sync-status' ? 'Check sync status' : place.name,
    ...(place.path === '/sync-status' && { hint: place.name, also: place.name }),
    ...(place.key !== undefined && { keys: ['G', place.key.toUpperCase()] }),
    run: () => void navigate(place.path),
  }));
  const conflicts: Entry = {
    id: 'conflicts',
    group: 'Pages',
    icon: IconArrowsSplit2,
    label: 'Conflicts',
    hint: 'Sync Status Monitor',
    also: 'Resolve',
    keys: ['G', 'C'],
    run: () => void navigate('/sync-status?tab=conflicts'),
  };
  const crmSearch: Entry = {
    id: 'crm-search',
    group: 'Pages',
    icon: IconDatabaseSearch,
    label: 'Search in the CRM',
    hint: 'Straight to Zoho, without a sync',
    also: 'Find',
    run: () => void navigate('/deals/search'),
  };
  const deals: Entry[] = (asked === null ? [] : (found?.items ?? [])).map((deal) => ({
    id: deal.id,
    group: 'Deals',
    icon: IconBriefcase,
    label: deal.name ?? deal.id,
    hint: [deal.account, deal.stage].filter((part) => part !== null).join(' · '),
    ...(deal.value !== null && {
      value: `${symbolOf(found?.currency ?? '')} ${formatWhole(deal.value)}`,
    }),
    run: () => void navigate(`/deals/${deal.id}`),
  }));
  const views: Entry[] = (saved ?? []).map((view) => ({
    id: view.id,
    group: 'Pages',
    icon: IconBookmark,
    label: view.name,
    hint: `${view.is_mine ? 'Your view' : 'View'} of ${VIEWED[view.page]}${view.is_mine ? '' : ` by ${view.owner}`}`,
    also: 'View',
    run: () => void navigate(addressOf(view)),
  }));
  return [...(mayEdit ? actions : []), ...pages, crmSearch, conflicts, ...views, ...deals];
}
