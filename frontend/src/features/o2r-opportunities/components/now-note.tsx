/** What stands above the list where figures of a past moment led to it: health is judged now only. */
import { Anchor } from '@mantine/core';
import { Link } from 'react-router';
import { Note } from '@/components/note/note';
import { AS_OF, filterSearch } from '@/lib/deal-filters';
import { formatWhen } from '@/lib/format';
import { useNow } from '@/lib/now';
import classes from './opportunities.module.css';

type NowNoteProps = {
  /** Of when the figures were. */
  moment: Date;
  params: URLSearchParams;
  onDismiss: () => void;
};

export function NowNote({ moment, params, onDismiss }: NowNoteProps) {
  const now = useNow('minute');
  const then = filterSearch(params);
  then.set(AS_OF, moment.toISOString());
  return (
    <div className={classes.now}>
      <Note kind="info">
        This list shows opportunities as they are now. The figures that led here are of{' '}
        {formatWhen(moment, now)}.{' '}
        <Link to={`/deals?${then.toString()}`}>Deals as they stood then</Link>
        {' · '}
        <Anchor component="button" type="button" fz="inherit" fw={550} onClick={onDismiss}>
          Dismiss
        </Anchor>
      </Note>
    </div>
  );
}
