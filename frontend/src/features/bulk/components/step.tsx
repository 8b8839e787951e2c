/** One of the four steps: open while it is worked on, one line when it is done, its name before. */
import { Button } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { type ReactNode, useId } from 'react';
import classes from './step.module.css';

type StepProps = {
  number: 1 | 2 | 3 | 4;
  title: string;
  state: 'waiting' | 'open' | 'done';
  /** What was decided, in one line. */
  summary?: ReactNode;
  /** Opens it again; left out where nothing can be changed any more. */
  onReopen?: (() => void) | undefined;
  children?: ReactNode;
};

export function Step({ number, title, state, summary, onReopen, children }: StepProps) {
  const id = useId();
  return (
    <section
      className={classes.step}
      data-state={state}
      aria-labelledby={id}
      aria-current={state === 'open' ? 'step' : undefined}
    >
      <div className={classes.head}>
        <span className={classes.number} aria-hidden>
          {state === 'done' ? <IconCheck size={14} stroke={2} /> : number}
        </span>
        <h2 className={classes.title} id={id}>
          {title}
        </h2>
        {state === 'done' && <span className={classes.summary}>{summary}</span>}
        {state === 'done' && onReopen && (
          <Button
            className={classes.reopen ?? ''}
            variant="subtle"
            onClick={onReopen}
            aria-label={`Edit step ${number}, ${title}`}
          >
            Edit
          </Button>
        )}
      </div>
      {state === 'open' && <div className={classes.body}>{children}</div>}
    </section>
  );
}
