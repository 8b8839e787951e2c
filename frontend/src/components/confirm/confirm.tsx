/** A confirmation: names the object, the number, the cost; the button repeats the verb. */
import { Button, Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './confirm.module.css';

type ConfirmProps = {
  isOpen: boolean;
  onClose: () => void;
  /** A question: "Stop this sync?" */
  title: string;
  children: ReactNode;
  /** The safe choice, which has the focus at the start. */
  keep: string;
  confirm: string;
  onConfirm: () => void;
  isRed?: boolean;
  isBusy?: boolean;
  /** Keeps the dangerous button shut until what must be typed is typed. */
  isLocked?: boolean;
};

export function Confirm(props: ConfirmProps) {
  const { isOpen, onClose, title, children, keep, confirm, onConfirm } = props;
  return (
    <Modal opened={isOpen} onClose={onClose} title={title} padding={0} classNames={classes}>
      <div className={classes.words}>{children}</div>
      <footer className={classes.footer}>
        <Button data-autofocus onClick={onClose}>
          {keep}
        </Button>
        <Button
          {...(props.isRed ? { variant: 'outline', color: 'red' } : { variant: 'filled' })}
          disabled={props.isLocked ?? false}
          loading={props.isBusy ?? false}
          onClick={onConfirm}
        >
          {confirm}
        </Button>
      </footer>
    </Modal>
  );
}
