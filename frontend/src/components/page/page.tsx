/** The frame of every page: one heading, one line that says what is the case, actions at the right. */
import type { ReactNode } from 'react';
import { useEffect } from 'react';
import classes from './page.module.css';

type PageProps = {
  title: string;
  /** What is the case and what needs a person; never "Manage your …". */
  lede?: ReactNode;
  /** Stands beside the title: badges, counts. */
  beside?: ReactNode;
  actions?: ReactNode;
  /** Tables go from edge to edge. */
  isWide?: boolean;
  children: ReactNode;
};

export function Page({ title, lede, beside, actions, isWide = false, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Pipeline Pulse`;
  }, [title]);
  return (
    <div className={classes.page} data-wide={isWide || undefined}>
      <header className={classes.head}>
        <div className={classes.words}>
          <div className={classes.titleRow}>
            <h1 className={classes.title}>{title}</h1>
            {beside}
          </div>
          {lede !== undefined && <p className={classes.lede}>{lede}</p>}
        </div>
        {actions !== undefined && <div className={classes.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}
