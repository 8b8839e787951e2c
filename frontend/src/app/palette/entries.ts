/** What the palette offers, and which of it matches what was typed. Pure. */
import type { Icon } from '@tabler/icons-react';

export type Entry = {
  id: string;
  group: 'Actions' | 'Pages' | 'Deals';
  icon: Icon;
  label: string;
  hint?: string;
  value?: string;
  keys?: readonly string[];
  /** Further words under which it is found. */
  also?: string;
  run: () => void;
};

export type Mode = 'all' | 'actions' | 'deal';

/** Reads the mode from the first sign: `>` actions only, `#` a deal by id. */
export function modeOf(typed: string): { mode: Mode; words: string } {
  if (typed.startsWith('>')) return { mode: 'actions', words: typed.slice(1).trim() };
  if (typed.startsWith('#')) return { mode: 'deal', words: typed.slice(1).trim() };
  return { mode: 'all', words: typed.trim() };
}

const GROUPS = ['Actions', 'Pages', 'Deals'] as const;

/** Returns the entries that match, group by group; deals were found by the server. */
export function matching(
  entries: readonly Entry[],
  mode: Mode,
  words: string,
): { label: string; entries: Entry[] }[] {
  const wanted = words.toLowerCase();
  const isWanted = (entry: Entry): boolean => {
    if (entry.group === 'Deals') return mode !== 'actions';
    if (mode === 'deal' || (mode === 'actions' && entry.group !== 'Actions')) return false;
    return `${entry.label} ${entry.also ?? ''}`.toLowerCase().includes(wanted);
  };
  return GROUPS.map((label) => ({
    label,
    entries: entries.filter((entry) => entry.group === label && isWanted(entry)),
  }));
}
