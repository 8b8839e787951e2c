/** Which alerts are shown: all of it is in the address. */
import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { filterSearch, filtersOf, hasFilters, withoutFilters } from '@/lib/deal-filters';
import { RULES } from '@/lib/alert-words';
import type { AlertRule } from '@/lib/queries/alerts';
import type { AlertQuestion, AlertState } from '../api/queries';

const STATES: readonly AlertState[] = ['open', 'acknowledged', 'all'];
const isRule = (word: string): word is AlertRule => word in RULES;

export type Asked = AlertQuestion & {
  params: URLSearchParams;
  /** Whether filters or rules leave some out. */
  isFiltered: boolean;
  change: (params: URLSearchParams) => void;
  set: (name: 'status' | 'q', value: string) => void;
  /** Shows the alerts of one rule; of all again if it was that one. */
  toggleRule: (rule: AlertRule) => void;
  clear: () => void;
};

export function useAsked(): Asked {
  const [params, setParams] = useSearchParams();
  const filters = filterSearch(params).toString();
  const rules = params.getAll('rule').filter(isRule).join(' ');
  const asked = params.get('status');
  const status = STATES.find((each) => each === asked) ?? 'open';
  const question = useMemo(
    (): AlertQuestion => ({
      filters: filtersOf(new URLSearchParams(filters)),
      status,
      rules: rules.split(' ').filter(isRule),
    }),
    [filters, status, rules],
  );
  const change = (after: URLSearchParams): void => {
    setParams(after, { replace: true });
  };
  const changed = (name: string, value: string): URLSearchParams => {
    const after = new URLSearchParams(params);
    after.delete(name);
    if (value !== '') after.set(name, value);
    return after;
  };
  return {
    ...question,
    params,
    isFiltered: hasFilters(params) || rules !== '',
    change,
    set: (name, value) => {
      change(changed(name, name === 'status' && value === 'open' ? '' : value));
    },
    toggleRule: (rule) => {
      change(changed('rule', rules === rule ? '' : rule));
    },
    clear: () => {
      const after = withoutFilters(params);
      after.delete('rule');
      change(after);
    },
  };
}
