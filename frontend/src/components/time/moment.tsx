/** A moment, told briefly and kept true; the whole stamp with its zone on hover and focus. */
import { formatMoment, formatStamp, formatWhen } from '@/lib/format';
import { useNow } from '@/lib/now';

type MomentProps = {
  /** ISO 8601 with an offset, as the API sends it. */
  at: string;
  /** `age` counts while it is young; `when` is a time of day, with the day if not today. */
  as?: 'age' | 'when';
};

export function Moment({ at, as = 'age' }: MomentProps) {
  const now = useNow();
  const moment = new Date(at);
  return (
    <time dateTime={at} title={formatStamp(moment)}>
      {as === 'age' ? formatMoment(moment, now) : formatWhen(moment, now)}
    </time>
  );
}
