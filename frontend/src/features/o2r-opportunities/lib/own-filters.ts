/** The filters that only opportunities have: what they are called, what can be chosen, how they read. */
import { HEALTH_STATES } from '@/components/status/vocabulary';
import { PHASES } from '@/lib/o2r-words';
import { quarterOf, quartersBackFrom, quarterWords } from '@/lib/quarters';

export type OwnFilter = {
  key: string;
  label: string;
  options: readonly (readonly [value: string, word: string])[];
  /** Several values may be chosen at once. */
  isMany: boolean;
  /** Stands without being set; the others come when they are. */
  isPinned: boolean;
  /** What it says while it is not set. */
  none: string;
};

const QUARTERS = 8;

const FIXED: readonly OwnFilter[] = [
  {
    key: 'attention',
    label: 'Needs attention',
    options: [
      ['true', 'Yes'],
      ['false', 'No'],
    ],
    isMany: false,
    isPinned: true,
    none: 'any',
  },
  {
    key: 'phase',
    label: 'Phase',
    options: PHASES.map(({ numeral, title }, at) => [String(at + 1), `${numeral} ${title}`]),
    isMany: true,
    isPinned: true,
    none: 'any',
  },
  {
    key: 'health',
    label: 'Health',
    options: Object.entries(HEALTH_STATES).map(([value, { word }]) => [value, word]),
    isMany: true,
    isPinned: true,
    none: 'any',
  },
  {
    key: 'strategic',
    label: 'Strategic',
    options: [
      ['true', 'Yes'],
      ['false', 'No'],
    ],
    isMany: false,
    isPinned: true,
    none: 'any',
  },
  {
    key: 'waiting',
    label: 'Waiting for',
    options: [
      ['invoice', 'Invoice'],
      ['payment', 'Payment'],
    ],
    isMany: true,
    isPinned: false,
    none: 'any',
  },
  {
    key: 'ended',
    label: 'Show',
    options: [['true', 'Also lost and recognised']],
    isMany: false,
    isPinned: true,
    none: 'on their way',
  },
];

/** Returns all of them; `today` is the organisation's day, once it is known. */
export const ownFilters = (today: string | undefined): OwnFilter[] => [
  ...FIXED,
  {
    key: 'recognised',
    label: 'Revenue recognised',
    options:
      today === undefined
        ? []
        : quartersBackFrom(quarterOf(today), QUARTERS).map((each) => [each, quarterWords(each)]),
    isMany: false,
    isPinned: false,
    none: 'any',
  },
];

/** Returns what a filter says behind its name. */
export function wordsOf({ key, options, none }: OwnFilter, params: URLSearchParams): string {
  const said = params
    .getAll(key)
    .map((value) => options.find(([known]) => known === value)?.[1] ?? value);
  return said.length === 0 ? none : said.join(', ');
}

/** Returns the address after a press on a value: chosen, or not any more. */
export function toggled(
  { key, isMany }: OwnFilter,
  params: URLSearchParams,
  value: string,
): URLSearchParams {
  const chosen = params.getAll(key);
  const others = chosen.filter((each) => each !== value);
  const wasChosen = others.length < chosen.length;
  const after = new URLSearchParams(params);
  after.delete(key);
  for (const each of wasChosen ? others : [...(isMany ? others : []), value]) {
    after.append(key, each);
  }
  return after;
}
