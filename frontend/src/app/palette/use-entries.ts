import { IconBolt, IconDatabaseImport, IconScale } from '@tabler/icons-react';
import { useNavigate } from 'react-router';
import { type SyncKind, useStartSync } from '@/lib/queries/sync-state';
import { useMay, useMe } from '@/lib/queries/session';
import { tellError } from '@/lib/toast';
import { mayOpen } from '../may-open';
import { PLACES } from '../navigation';
import type { Entry, Mode } from './entries';

/** Returns what the palette can offer this person for what was typed. */
export function useEntries(_mode: Mode, _words: string): Entry[] {
  const me = useMe();
  const navigate = useNavigate();
  const mayEdit = useMay('editor');
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
  return mayEdit ? [...actions, ...pages] : pages;
}
