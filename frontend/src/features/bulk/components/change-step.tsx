/** Step 2: which fields get which values, and how they are written. */
import { Button, Radio, Select, type SelectProps, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Note } from '@/components/note/note';
import { QueryPanel } from '@/components/panel/query-panel';
import { dealsColumns } from '@/lib/queries/deals';
import { type FormField, formOfManyQuery } from '@/lib/queries/deal-form';
import type { Operation } from '../api/bulk';
import { type Change, type Draft, isComplete } from '../lib/draft';
import { fitting, OPERATIONS, whyTooMany } from '../lib/operations';
import { ChangeRow } from './change-row';
import classes from './change-step.module.css';

/** The CRM's mass update takes no more fields of a deal in one call. */
const MASS_UPDATE_FIELDS = 3;

type ChangeStepProps = {
  draft: Draft;
  /** Chosen deals; null where the CRM counts them. */
  count: number | null;
  /** What the server refused, by API name. */
  refused: Readonly<Record<string, string>>;
  onChange: (some: Partial<Draft>) => void;
  onNext: () => void;
};

export function ChangeStep(props: ChangeStepProps) {
  const form = useQuery(formOfManyQuery);
  return (
    <QueryPanel
      query={form}
      failed="The fields could not be read"
      minHeight={120}
      skeleton={<Skeleton height={90} />}
    >
      {({ fields, read_only_reason: reason }) => (
        <>
          {reason !== null && <Note kind="warning">{reason}</Note>}
          <Changes {...props} fields={fields} />
        </>
      )}
    </QueryPanel>
  );
}

type ChangesProps = ChangeStepProps & { fields: readonly FormField[] };

function Changes({ draft, count, refused, fields, onChange, onNext }: ChangesProps) {
  const today = useQuery(dealsColumns).data?.today ?? '';
  const { changes } = draft;
  const set = (at: number, next: Change): void => {
    onChange({ changes: changes.map((each, index) => (index === at ? next : each)) });
  };
  const isReady = changes.length > 0 && changes.every(isComplete);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) onNext();
      }}
    >
      {changes.map((change, at) => {
        const field = fields.find(({ api_name }) => api_name === change.field);
        return (
          field && (
            <ChangeRow
              key={change.field}
              field={field}
              change={change}
              today={today}
              error={refused[change.field]}
              onChange={(next) => {
                set(at, next);
              }}
              onRemove={() => {
                onChange({ changes: changes.filter((each) => each !== change) });
              }}
            />
          )
        );
      })}
      <FieldPicker
        fields={fields.filter(({ api_name }) => !changes.some(({ field }) => field === api_name))}
        isFirst={changes.length === 0}
        onPick={(field) => {
          const value = field.input === 'boolean' ? false : null;
          const added = { field: field.api_name, value, label: null, isEmptied: false };
          onChange({ changes: [...changes, added] });
        }}
      />
      {changes.length > MASS_UPDATE_FIELDS && (
        <p className={classes.hint}>
          The CRM&rsquo;s own mass update takes three fields at a time. For more, deals are written
          by updates of 100 or as a file: the preview says what that costs.
        </p>
      )}
      <OperationChoice
        wanted={draft.operation}
        count={count}
        onChoose={(operation) => {
          onChange({ operation });
        }}
      />
      <Button type="submit" variant="filled" disabled={!isReady}>
        See the preview
      </Button>
    </form>
  );
}

type FieldPickerProps = {
  fields: readonly FormField[];
  isFirst: boolean;
  onPick: (field: FormField) => void;
};

function FieldPicker({ fields, isFirst, onPick }: FieldPickerProps) {
  const reasons = new Map(fields.map((field) => [field.api_name, field.read_only_reason]));
  const renderOption: NonNullable<SelectProps['renderOption']> = ({ option }) => (
    <span className={classes.option}>
      {option.label}
      {reasons.get(option.value) && (
        <span className={classes.reason}>{reasons.get(option.value)}</span>
      )}
    </span>
  );
  return (
    <Select
      className={classes.picker ?? ''}
      label={isFirst ? 'Field' : 'Another field'}
      placeholder="Which field"
      data={[...fields]
        .sort((one, other) => Number(one.input === 'none') - Number(other.input === 'none'))
        .map(({ api_name: value, label, input }) => ({
          value,
          label,
          disabled: input === 'none',
        }))}
      renderOption={renderOption}
      value={null}
      onChange={(name) => {
        const field = fields.find(({ api_name }) => api_name === name);
        if (field) onPick(field);
      }}
      searchable
      selectFirstOptionOnChange
      nothingFoundMessage="No such field."
    />
  );
}

type OperationChoiceProps = {
  wanted: Operation;
  count: number | null;
  onChoose: (operation: Operation) => void;
};

function OperationChoice({ wanted, count, onChoose }: OperationChoiceProps) {
  return (
    <Radio.Group
      className={classes.operations ?? ''}
      label="How it is written"
      value={fitting(wanted, count ?? 0)}
      onChange={(value) => {
        const known = OPERATIONS.find(({ operation }) => operation === value);
        if (known) onChoose(known.operation);
      }}
    >
      {OPERATIONS.map(({ operation, word, sentence }) => {
        const why = count === null ? null : whyTooMany(operation, count);
        return (
          <Radio
            key={operation}
            value={operation}
            label={word}
            description={why ?? sentence}
            disabled={why !== null}
          />
        );
      })}
    </Radio.Group>
  );
}
