/** Data quality alerts: how many are open, those of a deal, and acknowledging them. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { answered, api, type Schema } from '@/lib/api';
import { counted } from '@/lib/format';
import { tellError } from '@/lib/toast';
import { tellUndoable } from '@/lib/undo';

export type Alert = Schema['Alert'];
export type AlertRule = Schema['AlertRule'];
export type Thresholds = Schema['ThresholdsInForce'];

/** A deal has few alerts; more than these are on the page of alerts. */
const OF_A_DEAL = 20;

export const openAlertsQuery = queryOptions({
  queryKey: ['alerts', 'open'],
  queryFn: ({ signal }) => answered(api.GET('/api/alerts/open', { signal })),
  meta: { topics: ['alerts', 'records', 'settings'] },
});

/** The alerts of a deal that nobody has acknowledged. */
export const dealAlertsQuery = (deal: string) =>
  queryOptions({
    queryKey: ['alerts', 'deal', deal],
    queryFn: ({ signal }) =>
      answered(api.GET('/api/alerts', { params: { query: { deal, limit: OF_A_DEAL } }, signal })),
    meta: { topics: ['alerts', 'records', 'schema'] },
  });

type Wanted = { ids: readonly string[]; isOpen: boolean };

/** Acknowledges alerts, or opens them again; both tell so with the way back. */
export function useAcknowledge() {
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: ({ ids, isOpen }: Wanted) => {
      const body = { ids: [...ids] };
      return answered(
        isOpen
          ? api.POST('/api/alerts/unacknowledge', { body })
          : api.POST('/api/alerts/acknowledge', { body }),
      );
    },
    onSuccess: ({ changed }, { isOpen }) => {
      if (changed.length === 0) return;
      const words = counted(changed.length, 'alert');
      tellUndoable(isOpen ? `${words} opened again.` : `${words} acknowledged.`, () => {
        change.mutate({ ids: changed, isOpen: !isOpen });
      });
    },
    onError: (error, { isOpen }) => {
      tellError(
        error,
        isOpen ? 'The alerts were not opened again.' : 'The alerts were not acknowledged.',
      );
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['alerts'] }),
  });
  return change;
}
