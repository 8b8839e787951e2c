/** Which week the page is of: to the week before, to the one after, and back to the usual one. */
import { ActionIcon, Button } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import type { WeeklyReview } from '../api/queries';
import { weekWords } from '../lib/words';
import classes from '../weekly-review-page.module.css';

type WeekChoiceProps = {
  week: WeeklyReview['week'];
  /** Null: the usual week. */
  onChoose: (monday: string | null) => void;
};

export function WeekChoice({ week, onChoose }: WeekChoiceProps) {
  return (
    <div className={classes.choice} role="group" aria-label="Week">
      <ActionIcon
        variant="default"
        aria-label="The week before"
        disabled={week.previous === null}
        onClick={() => {
          onChoose(week.previous);
        }}
      >
        <IconChevronLeft size={16} stroke={1.7} aria-hidden />
      </ActionIcon>
      <Button
        variant="default"
        disabled={week.is_usual}
        aria-label={`${weekWords(week)}, go to the usual week`}
        onClick={() => {
          onChoose(null);
        }}
      >
        {weekWords(week)}
      </Button>
      <ActionIcon
        variant="default"
        aria-label="The week after"
        disabled={week.next === null}
        onClick={() => {
          onChoose(week.next);
        }}
      >
        <IconChevronRight size={16} stroke={1.7} aria-hidden />
      </ActionIcon>
    </div>
  );
}
