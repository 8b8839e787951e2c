/** The connection: as it is stored, how one is made, checked and ended. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { answered, api, type Schema } from '@/lib/api';
import { tell, tellError } from '@/lib/toast';

export type Connection = Schema['ConnectionView'];
export type ConnectOptions = Schema['ConnectOptions'];
export type ConnectRequest = Schema['ConnectRequest'];
export type SignInOutcome = Schema['SignInOutcome'];

export const connectionQuery = queryOptions({
  queryKey: ['crm', 'connection'],
  queryFn: ({ signal }) => answered(api.GET('/api/crm/connection', { signal })),
  meta: { topics: ['connection', 'session'] },
  // A token is renewed without an event.
  refetchInterval: 60_000,
});

export const connectOptionsQuery = queryOptions({
  queryKey: ['crm', 'connect-options'],
  queryFn: ({ signal }) => answered(api.GET('/api/crm/data-centres', { signal })),
  meta: { topics: ['connection'] },
});

/** Leaves for Zoho's consent page; it comes back to `/crm-sync?outcome=…`. */
export function useConnect(leave: (url: string) => void = goTo) {
  return useMutation({
    mutationFn: (wanted: ConnectRequest) =>
      answered(api.POST('/api/crm/connect', { body: wanted })),
    onSuccess: ({ authorisation_url: url }) => {
      leave(url);
    },
  });
}

function goTo(url: string): void {
  window.location.assign(url);
}

/** Asks the CRM now; what it says is stored, and the page reads it there. */
export function useCheckNow() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => answered(api.GET('/api/crm/auth/validate')),
    onSuccess: ({ status }) => {
      tell(
        status === 'valid'
          ? 'Checked: the sign-in works and nothing is missing.'
          : 'Checked: the sign-in works, and permissions are missing.',
      );
    },
    onError: (error) => {
      tellError(error, 'The connection could not be checked');
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['crm'] }),
  });
}

export function useDisconnect() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (organisation: string) =>
      answered(api.POST('/api/crm/disconnect', { body: { organisation } })),
    onSuccess: ({ message, fix }) => {
      tell(fix === null ? message : `${message} ${fix}`);
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['crm'] }),
  });
}
