/** How a filter is chosen: presets first, then the exact values. */
import type { Filter } from './filters';
import { BANDS, STATES } from './filters';
import { ClosingEditor, SinceEditor } from './day-editors';
import { CompareEditor } from './compare-editor';
import { FacetEditor } from './facet-editor';
import { ChoiceList } from './choice-list';
import { ValueEditor } from './value-editor';

export type EditorProps = {
  filter: Filter;
  params: URLSearchParams;
  onChange: (params: URLSearchParams) => void;
  onDone: () => void;
};

export function FilterEditor(props: EditorProps) {
  switch (props.filter.kind) {
    case 'closing':
      return <ClosingEditor {...props} />;
    case 'since':
      return <SinceEditor {...props} />;
    case 'value':
      return <ValueEditor {...props} />;
    case 'facet':
      return <FacetEditor {...props} />;
    case 'compare':
      return <CompareEditor {...props} />;
    case 'bands':
      return <FixedEditor {...props} words={BANDS} />;
    case 'states':
      return <FixedEditor {...props} words={STATES} />;
  }
}

function FixedEditor({
  filter,
  params,
  onChange,
  words,
}: EditorProps & { words: readonly [string, string][] }) {
  const chosen = params.getAll(filter.key);
  return (
    <ChoiceList
      label={filter.label}
      options={words.map(([value, label]) => ({ value, label }))}
      chosen={chosen}
      onToggle={(value) => {
        const after = new URLSearchParams(params);
        after.delete(filter.key);
        const others = chosen.filter((each) => each !== value);
        const all = others.length < chosen.length ? others : [...chosen, value];
        for (const each of all) after.append(filter.key, each);
        onChange(after);
      }}
    />
  );
}
