/** A form in a dialog: fields, why it was refused, and a button that names what it does. */
import { Button, Modal } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode, SyntheticEvent } from 'react';
import { wordsOf } from '@/lib/api';
import classes from './form-dialog.module.css';

type FormDialogProps = {
  title: string;
  submit: string;
  isBusy: boolean;
  error: Error | null;
  onSubmit: () => void;
  onClose: () => void;
  children: ReactNode;
};

export function FormDialog(props: FormDialogProps) {
  const { title, submit, isBusy, error, onSubmit, onClose, children } = props;
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      padding={0}
      classNames={{ header: classes.header ?? '' }}
      // Saves from a field of several lines too, where Enter alone begins another one.
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        event.currentTarget.querySelector('form')?.requestSubmit();
      }}
    >
      <form
        className={classes.form}
        onSubmit={(event: SyntheticEvent) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        <div className={classes.fields}>
          {error && (
            <p className={classes.error} role="alert">
              <IconAlertTriangle size={16} stroke={1.7} aria-hidden />
              <span>{wordsOf(error)}</span>
            </p>
          )}
          {children}
        </div>
        <footer className={classes.footer}>
          <Button onClick={onClose}>Back</Button>
          <Button type="submit" variant="filled" loading={isBusy}>
            {submit}
          </Button>
        </footer>
      </form>
    </Modal>
  );
}
