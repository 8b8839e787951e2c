/** A typed value in words; options by the names that the form knows. Pure. */
import type { InputField, InputValue } from '@/components/field-inputs/field';
import { formatDayFull, formatNumber } from '@/lib/format';

const NUMBERS: readonly string[] = ['money', 'decimal', 'integer', 'percent'];

const labelOf = (field: InputField | undefined, value: string): string =>
  field?.options.find((option) => option.value === value)?.label ?? value;

export function typedText(field: InputField | undefined, value: InputValue): string {
  if (value === null || value === '') return 'Empty';
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  if (typeof value !== 'string') return value.map((each) => labelOf(field, each)).join(', ');
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return formatDayFull(value);
  if (NUMBERS.includes(field?.input ?? '') && /^-?\d+(\.\d+)?$/.test(value)) {
    return formatNumber(value, value.split('.')[1]?.length ?? 0);
  }
  return labelOf(field, value);
}
