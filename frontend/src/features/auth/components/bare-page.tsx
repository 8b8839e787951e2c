/** The frame of pages without the app around them: brand at the left, one form at the right. */
import { type ReactNode, useEffect } from 'react';
import { Mark } from '@/components/mark/mark';
import { BrandSide } from './brand-side';
import classes from './bare-page.module.css';

type BarePageProps = { title: string; lede?: string; children: ReactNode };

export function BarePage({ title, lede, children }: BarePageProps) {
  useEffect(() => {
    document.title = `${title} · Pipeline Pulse`;
  }, [title]);
  return (
    <div className={classes.page}>
      <BrandSide />
      <main className={classes.main}>
        <div className={classes.form}>
          <p className={classes.brand}>
            <Mark size={24} />
            Pipeline Pulse
          </p>
          <h1 className={classes.title}>{title}</h1>
          {lede !== undefined && <p className={classes.lede}>{lede}</p>}
          {children}
        </div>
      </main>
    </div>
  );
}
