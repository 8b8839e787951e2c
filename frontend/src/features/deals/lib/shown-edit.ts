/** How a row looks with a value that was just typed, until the server has told its own. */
import type { InputField, InputValue, Option } from '@/components/field-inputs/field';
import type { FieldMark } from '@/lib/mark-words';
import type { ColumnLine, DealRow } from '../api/queries';

const PENDING: Omit<FieldMark, 'at'> = {
  state: 'pending',
  local: null,
  base: null,
  is_base_known: false,
  crm: null,
  by: '',
  is_mine: true,
  crm_by: null,
  crm_at: null,
  is_on_its_way: false,
  is_record_gone: false,
  is_skipped: false,
  can_be_dropped: true,
  error_code: null,
  error: null,
};

type Edited = {
  field: InputField;
  value: InputValue;
  /** Of a reference: the record that was chosen. */
  chosen: Option | null;
  at: Date;
};

/** Returns what a cell of this kind holds for a value of its input. */
function cellValue(column: ColumnLine, { field, value, chosen }: Edited): unknown {
  const labelOf = (stored: string): string =>
    field.options.find((option) => option.value === stored)?.label ?? stored;
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value !== 'string') return value.map(labelOf);
  switch (column.kind) {
    case 'named':
      return { id: value, name: chosen?.value === value ? chosen.label : null };
    case 'money':
    case 'number':
    case 'percent':
      return Number.isNaN(Number(value)) ? value : Number(value);
    default:
      return labelOf(value);
  }
}

/** Returns the drawing of a row with one cell edited: its value, and the mark that it waits. */
export function withEdit(column: ColumnLine, edited: Edited): (row: DealRow) => DealRow {
  return (row) => {
    const after: DealRow = {
      ...row,
      state: row.state === 'synced' ? 'pending' : row.state,
      marks: { ...row.marks, [column.key]: { ...PENDING, at: edited.at.toISOString() } },
    };
    if (column.is_crm_field) {
      return { ...after, fields: { ...row.fields, [column.key]: cellValue(column, edited) } };
    }
    if (column.kind === 'stage') {
      const label = cellValue(column, edited);
      const value = typeof edited.value === 'string' ? edited.value : '';
      const stage = row.stage ?? { step: null, outcome: null };
      return { ...after, stage: { ...stage, value, label: String(label) } };
    }
    return { ...after, [column.key]: cellValue(column, edited) };
  };
}
