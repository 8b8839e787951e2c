/** What stands above deals of a past moment: of when they are, and the way back. */
import { Anchor } from '@mantine/core';
import { Note } from '@/components/note/note';
import { formatWhen, isSameDay } from '@/lib/format';
import { useNow } from '@/lib/now';

/** `moment`: as of when; `what`: `Deals`, `Figures`; `more`: a sentence of the page's own. */
export function PastNote({
  moment,
  what,
  more,
  onBack,
}: {
  moment: Date;
  what: string;
  more?: string;
  onBack: () => void;
}) {
  const now = useNow('minute');
  return (
    <Note kind="info">
      {what} as they stood {isSameDay(moment, now) ? 'today at' : 'on'} {formatWhen(moment, now)}.
      Nothing can be edited here. {more !== undefined && `${more} `}
      <Anchor component="button" type="button" fz="inherit" fw={550} onClick={onBack}>
        Back to now
      </Anchor>
    </Note>
  );
}
