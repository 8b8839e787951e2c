/** What is shown is in the URL: the tab, its page, the log's filters. */
import { useSearchParams } from 'react-router';
import type { AuditFilter } from '../api/audit';

export const TABS = ['users', 'tokens', 'settings', 'audit'] as const;
export type Tab = (typeof TABS)[number];

type Changes = Readonly<Record<string, string | readonly string[] | null>>;

export function useSearch() {
  const [params, setParams] = useSearchParams();
  const page = Number(params.get('page'));
  const audit: AuditFilter = {
    person: params.getAll('person'),
    action: params.getAll('action'),
    kind: params.getAll('kind'),
    subject: params.get('subject'),
    since: params.get('since'),
    before: params.get('before'),
  };
  return {
    tab: TABS.find((each) => each === params.get('tab')) ?? 'users',
    page: Number.isInteger(page) && page > 0 ? page : 1,
    audit,
    go: (changes: Changes) => {
      setParams((before) => {
        const next = new URLSearchParams(before);
        for (const [name, value] of Object.entries(changes)) {
          next.delete(name);
          for (const each of typeof value === 'string' ? [value] : (value ?? [])) {
            next.append(name, each);
          }
        }
        return next;
      });
    },
    /** Leaves everything of the tab before behind. */
    open: (tab: Tab) => {
      setParams(tab === 'users' ? {} : { tab });
    },
  };
}

export type Search = ReturnType<typeof useSearch>;
