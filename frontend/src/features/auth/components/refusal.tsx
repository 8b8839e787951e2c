import { IconAlertTriangle } from '@tabler/icons-react';
import classes from './form.module.css';

/** Why a form was refused; it is announced, and the fields keep what was typed. */
export function Refusal({ children }: { children: string }) {
  return (
    <p className={classes.refusal} role="alert">
      <IconAlertTriangle size={16} stroke={1.7} aria-hidden />
      <span>{children}</span>
    </p>
  );
}
