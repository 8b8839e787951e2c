/** A typed value in words; options by the names that the form knows, records by `label`. Pure. */
import type { InputField, InputValue } from '@/components/field-inputs/field';
import { formatDayFull, formatNumber } from '@/lib/format';

const NUMBERS: readonly string[] = ['money', 'decimal', 'integer', 'percent'];

const labelOf = (field: InputField, value: string): string =>
  field.options.find((option) => option.value === value)?.label ?? value;

export function typedText(field: InputField, value: InputValue, label: string | null): string {
  if (value === null || value === '') return 'Empty';
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  if (typeof value !== 'string') return value.map((each) => labelOf(field, each)).join(', ');
  if (label !== null) return label;
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return formatDayFull(value);
  if (NUMBERS.includes(field.input) && /^-?\d+(\.\d+)?$/.test(value)) {
    return formatNumber(value, value.split('.')[1]?.length ?? 0);
  }
  return labelOf(field, value);
}
