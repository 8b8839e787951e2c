/** Ways to do the same that were weighed by what they cost: the chosen one first, in bold. */
import { IconCircleCheck } from '@tabler/icons-react';
import { formatDuration, formatWhole } from '@/lib/format';
import classes from './weighed-ways.module.css';

export type WeighedWay = {
  title: string;
  calls: number;
  credits: number;
  /** How long it is expected to take. */
  seconds: number;
  /** Why it was chosen or not; shown where the pointer rests. */
  reason: string;
};

/** `head` says what the ways are: `Source`. Each title is there once. */
type Props = { head: string; chosen: WeighedWay; rejected: readonly WeighedWay[] };

export function WeighedWays({ head, chosen, rejected }: Props) {
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th scope="col">{head}</th>
          {['Calls', 'Credits', 'Expected'].map((number) => (
            <th key={number} scope="col" data-number>
              {number}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        <Row way={chosen} isChosen />
        {rejected.map((way) => (
          <Row key={way.title} way={way} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ way, isChosen = false }: { way: WeighedWay; isChosen?: boolean }) {
  return (
    <tr data-chosen={isChosen || undefined} title={way.reason}>
      <th scope="row">
        <span className={classes.mark}>
          {isChosen && <IconCircleCheck size={15} stroke={1.7} role="img" aria-label="Chosen" />}
        </span>
        {way.title}
      </th>
      <td data-number>{formatWhole(way.calls)}</td>
      <td data-number>{formatWhole(way.credits)}</td>
      <td data-number>{formatDuration(way.seconds)}</td>
    </tr>
  );
}
