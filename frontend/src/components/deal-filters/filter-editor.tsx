/** How a filter is chosen: presets first, then the exact values. */
import type { Filter } from './filters';
import { ALL, ALL_BANDS, ALL_OUTCOMES, BANDS, OUTCOMES, STATES, withToggled } from './filters';
import { ClosingEditor, SinceEditor } from './day-editors';
import { CompareEditor } from './compare-editor';
import { FacetEditor } from './facet-editor';
import { ChoiceList } from './choice-list';
import { TextEditor } from './text-editor';
import { ValueEditor } from './value-editor';

export type EditorProps = {
  filter: Filter;
  params: URLSearchParams;
  onChange: (params: URLSearchParams) => void;
  onDone: () => void;
  /** The page always shows this filter: unset, it says that all are meant. */
  isPinned: boolean;
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
      return <FixedEditor {...props} words={BANDS} all={ALL_BANDS} />;
    case 'outcomes':
      return <FixedEditor {...props} words={OUTCOMES} all={ALL_OUTCOMES} />;
    case 'text':
      return <TextEditor {...props} />;
    case 'states':
      return <FixedEditor {...props} words={STATES} />;
  }
}

function FixedEditor({
  filter,
  params,
  onChange,
  isPinned,
  words,
  all,
}: EditorProps & { words: readonly [string, string][]; all?: string }) {
  const chosen = params.getAll(filter.key);
  const offered = isPinned && all !== undefined ? [...words, [ALL, all] as const] : words;
  return (
    <ChoiceList
      label={filter.label}
      options={offered.map(([value, label]) => ({ value, label }))}
      chosen={chosen}
      onToggle={(value) => {
        onChange(withToggled(params, filter.key, value, isPinned));
      }}
    />
  );
}
