/** Entries on one line of time: who did what and when, and each value before and after. */
import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Moment } from '@/components/time/moment';
import type { Hue } from '@/theme/palette';
import classes from './timeline.module.css';

type TimelineListProps = { label: string; children: ReactNode };

export function TimelineList({ label, children }: TimelineListProps) {
  return (
    <ol className={classes.entries} aria-label={label}>
      {children}
    </ol>
  );
}

type TimelineItemProps = {
  icon: Icon;
  /** Of what is in motion, asks for somebody or is at risk. */
  hue?: Hue | undefined;
  who: string;
  /** What follows the name in the same line. */
  head: ReactNode;
  /** ISO 8601 with an offset, as the API sends it. */
  at: string;
  children: ReactNode;
};

export function TimelineItem({ icon: Icon, hue, who, head, at, children }: TimelineItemProps) {
  return (
    <li className={classes.entry}>
      <span className={classes.icon} data-hue={hue}>
        <Icon size={14} stroke={1.7} aria-hidden />
      </span>
      <div className={classes.body}>
        <div className={classes.head}>
          <span>
            <strong>{who}</strong> {head}
          </span>
          <span className={classes.at}>
            <Moment at={at} as="when" />
          </span>
        </div>
        {children}
      </div>
    </li>
  );
}

export function ChangeList({ children }: { children: ReactNode }) {
  return <ul className={classes.changes}>{children}</ul>;
}

type ChangeItemProps = {
  name: string;
  before: string | null;
  after: string | null;
  /** A line under it, in red: why it was refused. */
  refusal?: string | null;
};

/** One value before and after; a side that is null is left out. Long texts are cut, whole on hover. */
export function ChangeItem({ name, before, after, refusal = null }: ChangeItemProps) {
  return (
    <li>
      {name} {before !== null && <del title={before}>{brief(before)}</del>}
      {before !== null && after !== null && <span aria-hidden> → </span>}
      {after !== null && <ins title={after}>{brief(after)}</ins>}
      {refusal !== null && <span className={classes.refusal}>{refusal}</span>}
    </li>
  );
}

const LONGEST = 80;

const brief = (text: string): string =>
  text.length > LONGEST ? `${text.slice(0, LONGEST).trimEnd()}…` : text;
