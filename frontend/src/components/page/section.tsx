/** A section of a statement: a heading with a hint, parted from its neighbours by hairlines. */
import { type ReactNode, useId } from 'react';
import classes from './section.module.css';

type SectionProps = {
  title: string;
  hint?: ReactNode;
  /** A link or a small control at the right of the heading. */
  action?: ReactNode;
  children: ReactNode;
};

export function Section({ title, hint, action, children }: SectionProps) {
  const id = useId();
  return (
    <section className={classes.section} aria-labelledby={id}>
      <div className={classes.head}>
        <h2 className={classes.title} id={id}>
          {title}
        </h2>
        {hint !== undefined && <span className={classes.hint}>{hint}</span>}
        {action !== undefined && <span className={classes.action}>{action}</span>}
      </div>
      {children}
    </section>
  );
}

type ColumnsProps = {
  /** `main-side`: a wide column and one of 340 to 400 px; `equal`: columns of one width. */
  layout?: 'main-side' | 'equal';
  children: ReactNode;
};

/** Sections beside each other, parted by hairlines; under each other below 1024 px. */
export function Columns({ layout = 'main-side', children }: ColumnsProps) {
  return (
    <div className={classes.columns} data-layout={layout}>
      {children}
    </div>
  );
}
