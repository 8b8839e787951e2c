/** A day in a form: picked, or typed as people write days. */
import { readDay, isDay } from './typed-day';
import { TypedInput } from './typed-input';
import { formatDayFull } from '@/lib/format';

type DayFieldProps = {
  label: string;
  description?: string;
  /** `2026-08-14`, null for none; what cannot be read stays as it was typed. */
  value: string | null;
  /** From where `tomorrow` and years that are left out are told. */
  today: string;
  onChange: (value: string | null) => void;
  /** Why it cannot be set here; it then looks like text. */
  readOnlyReason?: string | undefined;
  /** Has the focus when its form opens. */
  isFirst?: boolean;
};

export function DayField(props: DayFieldProps) {
  const { label, description, value, today, onChange, readOnlyReason, isFirst } = props;
  const isWrong = value !== null && !isDay(value);
  return (
    <TypedInput
      label={label}
      description={readOnlyReason ?? description}
      placeholder="14 Aug, tomorrow, +7"
      value={value}
      onChange={onChange}
      read={(typed) => readDay(typed, today)}
      show={(day) => (isDay(day) ? formatDayFull(day) : day)}
      error={isWrong && 'This is no day. Write it as 14 Aug 2026.'}
      disabled={readOnlyReason !== undefined}
      data-autofocus={isFirst || undefined}
      picker={{
        type: 'date',
        value: value !== null && !isWrong ? value : '',
        onPick: (picked) => {
          onChange(picked === '' ? null : picked);
        },
      }}
    />
  );
}
