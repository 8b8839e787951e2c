/** A note on the page: what is the case, and the way out. Red and amber ones are announced. */
import {
  IconAlertTriangle,
  IconClockPause,
  IconInfoCircle,
  IconLock,
  type Icon,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './note.module.css';

type NoteKind = 'failing' | 'warning' | 'info' | 'locked';

const ICONS: Record<NoteKind, Icon> = {
  failing: IconAlertTriangle,
  warning: IconClockPause,
  info: IconInfoCircle,
  locked: IconLock,
};

type NoteProps = { kind: NoteKind; action?: ReactNode; children: ReactNode };

export function Note({ kind, action, children }: NoteProps) {
  const Icon = ICONS[kind];
  return (
    <div
      className={classes.note}
      data-kind={kind}
      role={kind === 'failing' ? 'alert' : kind === 'warning' ? 'status' : undefined}
    >
      <Icon className={classes.icon} size={16} stroke={1.8} aria-hidden />
      <div className={classes.words}>{children}</div>
      {action !== undefined && <div className={classes.action}>{action}</div>}
    </div>
  );
}
