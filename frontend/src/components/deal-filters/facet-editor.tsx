/** The values that deals have, most frequent first; letters find the others. */
import { TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { wordsOf } from '@/lib/api';
import { dealsFacet } from '@/lib/queries/deals';
import { choicesOf, withChoices } from './filters';
import { dealsAsked } from '@/lib/deal-filters';
import { ChoiceList } from './choice-list';
import type { EditorProps } from './filter-editor';
import classes from './editor.module.css';

const TYPED_MS = 150;

export function FacetEditor({ filter, params, onChange }: EditorProps) {
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed.trim(), TYPED_MS);
  const facet = useQuery(dealsFacet(filter.key, dealsAsked(params), search));
  const chosen = choicesOf(params, filter);
  const options = (facet.data?.values ?? []).map(({ value, label, count }) => ({
    value,
    label: label ?? `No name, id ${value}`,
    count,
  }));
  return (
    <div className={classes.editor}>
      <TextInput
        data-autofocus
        aria-label={`Find in ${filter.label}`}
        placeholder="Find"
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
        }}
      />
      {facet.isError && <p className={classes.hint}>{wordsOf(facet.error)}</p>}
      {facet.data && options.length === 0 && <p className={classes.hint}>No such value.</p>}
      <ChoiceList
        label={filter.label}
        options={options}
        chosen={chosen}
        onToggle={(value) => {
          const others = chosen.filter((each) => each !== value);
          const all = others.length < chosen.length ? others : [...chosen, value];
          onChange(withChoices(params, filter, all));
        }}
      />
      {facet.data?.has_more && <p className={classes.hint}>More values: type to find them.</p>}
    </div>
  );
}
