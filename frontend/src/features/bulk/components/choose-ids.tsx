/** A list of IDs, pasted: what is no ID and what stands there twice is named. */
import { Textarea } from '@mantine/core';
import { counted, formatWhole } from '@/lib/format';
import { readIds } from '../lib/ids';
import classes from './choose-step.module.css';

const NAMED = 5;

type ChooseIdsProps = { text: string; onChange: (text: string) => void };

export function ChooseIds({ text, onChange }: ChooseIdsProps) {
  const { ids, twice, nonsense } = readIds(text);
  return (
    <div className={classes.narrow}>
      <Textarea
        label="IDs of deals"
        description="One a line, or parted by commas or spaces. Links to deals are understood too."
        rows={8}
        value={text}
        onChange={(event) => {
          onChange(event.currentTarget.value);
        }}
      />
      <ul className={classes.findings} aria-label="What was found" role="status">
        {ids.length > 0 && <li>{counted(ids.length, 'deal')}.</li>}
        {twice.length > 0 && (
          <li>
            {counted(twice.length, 'ID')} {twice.length === 1 ? 'stands' : 'stand'} there more than
            once and {twice.length === 1 ? 'counts' : 'count'} once: {some(twice)}
          </li>
        )}
        {nonsense.length > 0 && (
          <li data-bad>
            {nonsense.length === 1 ? 'This is no ID' : 'These are no IDs'}: {some(nonsense)}
          </li>
        )}
      </ul>
    </div>
  );
}

function some(parts: readonly string[]): string {
  const named = parts.slice(0, NAMED).join(', ');
  const more = parts.length - NAMED;
  return more > 0 ? `${named} and ${formatWhole(more)} more.` : `${named}.`;
}
