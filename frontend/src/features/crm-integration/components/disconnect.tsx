/** Ending the connection: a red button, and a name to type before it does anything. */
import { Button, TextInput } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { useState } from 'react';
import { Confirm } from '@/components/confirm/confirm';
import { wordsOf } from '@/lib/api';
import { counted } from '@/lib/format';
import { type Connection, useDisconnect } from '../api/connection';

export function Disconnect({ connection }: { connection: Connection }) {
  const [isOpen, setIsOpen] = useState(false);
  const [typed, setTyped] = useState('');
  const disconnect = useDisconnect();
  const name = connection.confirm_with ?? '';
  const waiting = connection.pending_changes;
  const close = () => {
    setIsOpen(false);
    setTyped('');
    disconnect.reset();
  };
  return (
    <>
      <Button
        variant="outline"
        color="red"
        leftSection={<IconPlugConnectedX size={16} stroke={1.7} aria-hidden />}
        onClick={() => {
          setIsOpen(true);
        }}
      >
        Disconnect
      </Button>
      <Confirm
        isOpen={isOpen}
        onClose={close}
        title="Disconnect from Zoho?"
        keep="Stay connected"
        confirm="Disconnect"
        isRed
        isBusy={disconnect.isPending}
        isLocked={typed.trim() !== name}
        onConfirm={() => {
          disconnect.mutate(typed, { onSuccess: close });
        }}
      >
        <p>
          Syncs stop
          {waiting > 0 &&
            ` and ${counted(waiting, 'pending change')} ${waiting === 1 ? 'waits' : 'wait'} here`}
          . Data and history stay. The sign-in is revoked at Zoho, and its secrets are removed here;
          to go on, an admin connects again.
        </p>
        <TextInput
          label={
            <>
              Type <strong>{name}</strong> to confirm
            </>
          }
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
          }}
          autoComplete="off"
          spellCheck={false}
          error={disconnect.isError ? wordsOf(disconnect.error) : undefined}
        />
      </Confirm>
    </>
  );
}
