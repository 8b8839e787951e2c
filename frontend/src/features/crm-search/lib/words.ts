/** How operators and marks are called. Pure. */
import type { FoundDeal, Operator } from '../api/search';

const OPERATORS: Record<Operator, string> = {
  equals: 'is',
  not_equal: 'is not',
  starts_with: 'starts with',
  greater_equal: 'at least',
  greater_than: 'more than',
  less_equal: 'at most',
  less_than: 'less than',
  between: 'between',
  in: 'one of',
};

const TEXTS = new Set(['text', 'email', 'phone', 'website', 'textarea']);
const DAYS: Partial<Record<Operator, string>> = {
  greater_equal: 'on or after',
  greater_than: 'after',
  less_equal: 'on or before',
  less_than: 'before',
};

/** Returns the word for an operator; on text the CRM's `equals` finds what contains the value. */
export function operatorWord(operator: Operator, dataType: string): string {
  if (operator === 'equals' && TEXTS.has(dataType)) return 'contains';
  const isTime = dataType === 'date' || dataType === 'datetime';
  return (isTime ? DAYS[operator] : undefined) ?? OPERATORS[operator];
}

export const MARKS: Record<FoundDeal['mark'], { word: string; sentence: string } | null> = {
  known: null,
  new: { word: 'New here', sentence: 'The mirror did not hold this deal before the search' },
  newer: { word: 'Newer in CRM', sentence: 'The CRM held a newer version than the mirror' },
};
