/** A search in the address: `?by=word&text=metro`, `?match=any&c=Stage~equals~Closed Won`. Pure. */
import type { Asked, Operator } from '../api/search';

export type Way = NonNullable<Asked['by']>;
export type Criterion = { field: string; operator: Operator; values: string[] };
export type Draft = { by: Way; text: string; match: 'all' | 'any'; criteria: Criterion[] };

const WAYS: readonly Way[] = ['criteria', 'word', 'email', 'phone'];
export const CRITERIA_LIMIT = 10;

/** Returns the search that an address tells of. */
export function draftOf(params: URLSearchParams): Draft {
  const by = WAYS.find((way) => way === params.get('by')) ?? 'criteria';
  const criteria = params
    .getAll('c')
    .slice(0, CRITERIA_LIMIT)
    .flatMap((part): Criterion[] => {
      const [field = '', operator = '', ...values] = part.split('~');
      return field === '' ? [] : [{ field, operator: operator as Operator, values }];
    });
  return {
    by,
    text: params.get('text') ?? '',
    match: params.get('match') === 'any' ? 'any' : 'all',
    criteria,
  };
}

/** Returns the address of a search. */
export function paramsOf({ by, text, match, criteria }: Draft): URLSearchParams {
  const params = new URLSearchParams();
  if (by !== 'criteria') {
    params.set('by', by);
    params.set('text', text.trim());
    return params;
  }
  if (match === 'any') params.set('match', 'any');
  for (const { field, operator, values } of criteria) {
    params.append(
      'c',
      [field, operator, ...values.map((value) => value.replaceAll('~', ' '))].join('~'),
    );
  }
  return params;
}

/** Returns what to ask the server; null while the search is not complete. */
export function askedOf({ by, text, match, criteria }: Draft): Asked | null {
  if (by !== 'criteria') {
    return text.trim() === '' ? null : { by, text: text.trim(), match: 'all', criteria: [] };
  }
  const isWhole = criteria.every(
    ({ values, operator }) =>
      values.length >= (operator === 'between' ? 2 : 1) && values.every((value) => value !== ''),
  );
  return criteria.length > 0 && isWhole ? { by, match, criteria } : null;
}
