/** Sends the week's review by mail: to oneself, or to all whom the settings name. */
import { Button, Modal, Radio, Stack } from '@mantine/core';
import { IconMail } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { FormDialog } from '@/components/form-dialog/form-dialog';
import { Note } from '@/components/note/note';
import { counted } from '@/lib/format';
import { useNow } from '@/lib/now';
import { meQuery, useMay } from '@/lib/queries/session';
import { tell } from '@/lib/toast';
import {
  mailingQuery,
  type MailTo,
  type ReviewMailing,
  useSendReview,
  type WeeklyReview,
} from '../api/queries';
import { lastMailWords, NO_MAIL_SERVER, scheduleWords, weekWords } from '../lib/words';
import classes from './send.module.css';

type SendProps = { week: WeeklyReview['week']; territory: string | null };

export function Send(props: SendProps) {
  const mayEdit = useMay('editor');
  const [isOpen, setIsOpen] = useState(false);
  const { data: mailing } = useQuery(mailingQuery);
  if (!mayEdit || mailing === undefined) return null;
  const close = () => {
    setIsOpen(false);
  };
  return (
    <>
      <Button
        leftSection={<IconMail size={15} stroke={1.7} aria-hidden />}
        onClick={() => {
          setIsOpen(true);
        }}
      >
        Send
      </Button>
      {isOpen &&
        (mailing.is_set_up ? (
          <SendForm {...props} mailing={mailing} onClose={close} />
        ) : (
          <Modal opened onClose={close} title="Send the weekly review">
            <Note kind="info">
              {NO_MAIL_SERVER} <Link to="/help/administer">Read how</Link>
            </Note>
          </Modal>
        ))}
    </>
  );
}

type FormProps = SendProps & { mailing: ReviewMailing; onClose: () => void };

function SendForm({ week, territory, mailing, onClose }: FormProps) {
  const [to, setTo] = useState<MailTo>('me');
  const isAdmin = useMay('admin');
  const me = useQuery(meQuery);
  const now = useNow('minute');
  const send = useSendReview();
  const last = lastMailWords(mailing, now);
  return (
    <FormDialog
      title="Send the weekly review"
      submit={
        to === 'me' ? 'Send to me' : `Send to ${counted(mailing.recipients, 'person', 'people')}`
      }
      isBusy={send.isPending}
      error={send.error}
      onClose={onClose}
      onSubmit={() => {
        send.mutate(
          { to, week: week.monday, territory },
          {
            onSuccess: ({ recipients }) => {
              onClose();
              tell(
                to === 'me'
                  ? 'Review sent to you.'
                  : `Review sent to ${counted(recipients, 'person', 'people')}.`,
              );
            },
          },
        );
      }}
    >
      <Radio.Group
        label={`Who gets the review of ${weekWords(week)}`}
        value={to}
        onChange={(value) => {
          setTo(value === 'all' ? 'all' : 'me');
        }}
      >
        <Stack gap={8} mt={8}>
          <Radio value="me" label={`Me, ${me.data?.email ?? ''}`} data-autofocus />
          <Radio
            value="all"
            label={`All recipients, ${counted(mailing.recipients, 'person', 'people')}`}
            disabled={mailing.recipients === 0}
          />
        </Stack>
      </Radio.Group>
      <p className={classes.schedule}>
        {scheduleWords(mailing)}
        {last !== null && ` ${last}`}
        {isAdmin && (
          <>
            {' '}
            <Link to="/admin?tab=settings">Change it in Settings</Link>
          </>
        )}
      </p>
    </FormDialog>
  );
}
