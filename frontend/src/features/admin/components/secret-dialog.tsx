/** A secret that is shown this once, with a way to copy it; it closes by its button only. */
import { Button, CopyButton, Modal } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './form.module.css';

type SecretDialogProps = {
  title: string;
  /** What the secret is, for screen readers. */
  label: string;
  secret: string;
  onClose: () => void;
  children: ReactNode;
};

export function SecretDialog({ title, label, secret, onClose, children }: SecretDialogProps) {
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      padding={0}
      withCloseButton={false}
      closeOnClickOutside={false}
      closeOnEscape={false}
      classNames={{ header: classes.header ?? '' }}
    >
      <div className={classes.fields}>
        <p className={classes.words}>{children}</p>
        <div className={classes.secret}>
          <code aria-label={label}>{secret}</code>
          <CopyButton value={secret}>
            {({ copied, copy }) => (
              <Button
                data-autofocus
                onClick={copy}
                leftSection={
                  copied ? (
                    <IconCheck size={15} stroke={1.7} aria-hidden />
                  ) : (
                    <IconCopy size={15} stroke={1.7} aria-hidden />
                  )
                }
              >
                {copied ? 'Copied' : 'Copy'}
              </Button>
            )}
          </CopyButton>
        </div>
      </div>
      <footer className={classes.footer}>
        <Button variant="filled" onClick={onClose}>
          I have kept it
        </Button>
      </footer>
    </Modal>
  );
}
