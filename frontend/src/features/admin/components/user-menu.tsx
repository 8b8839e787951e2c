/** What can be done with a user; what cannot be undone asks first. */
import { ActionIcon, Button, Menu } from '@mantine/core';
import {
  IconDots,
  IconKey,
  IconLockOpen,
  IconPencil,
  IconTrash,
  IconUserCheck,
  IconUserOff,
} from '@tabler/icons-react';
import { useState } from 'react';
import { Confirm } from '@/components/confirm/confirm';
import { counted } from '@/lib/format';
import { tell, tellError } from '@/lib/toast';
import {
  type TemporaryPassword,
  type User,
  useChangeUser,
  useRemoveUser,
  useResetPassword,
  useUnlockUser,
} from '../api/users';
import { ChangeUser } from './user-form';

type Asked = 'change' | 'reset' | 'remove' | null;
type UserMenuProps = { user: User; onReset: (made: TemporaryPassword) => void };

const ICON = { size: 16, stroke: 1.7, 'aria-hidden': true } as const;

export function UserMenu({ user, onReset }: UserMenuProps) {
  const [asked, ask] = useState<Asked>(null);
  const change = useChangeUser();
  const reset = useResetPassword();
  const remove = useRemoveUser();
  const unlock = useUnlockUser();
  const close = () => {
    ask(null);
  };
  const refused = (error: Error) => {
    tellError(error, `${user.name} is as before.`);
    close();
  };

  const switchActive = (isActive: boolean) => {
    change.mutate(
      { id: user.id, is_active: isActive },
      {
        onSuccess: () => {
          tell(
            <>
              {user.name} {isActive ? 'can log in again.' : 'is deactivated.'}{' '}
              <Button
                variant="transparent"
                onClick={() => {
                  change.mutate({ id: user.id, is_active: !isActive }, { onError: refused });
                }}
              >
                Undo
              </Button>
            </>,
          );
        },
        onError: refused,
      },
    );
  };

  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon aria-label={`Actions for ${user.name}`}>
            <IconDots {...ICON} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconPencil {...ICON} />}
            onClick={() => {
              ask('change');
            }}
          >
            Change name or role
          </Menu.Item>
          <Menu.Item
            leftSection={<IconKey {...ICON} />}
            onClick={() => {
              ask('reset');
            }}
          >
            Reset password
          </Menu.Item>
          {user.locked_until !== null && (
            <Menu.Item
              leftSection={<IconLockOpen {...ICON} />}
              onClick={() => {
                unlock.mutate(user.id, {
                  onSuccess: () => {
                    tell(`${user.name} can try again.`);
                  },
                  onError: refused,
                });
              }}
            >
              Unlock
            </Menu.Item>
          )}
          <Menu.Item
            leftSection={user.is_active ? <IconUserOff {...ICON} /> : <IconUserCheck {...ICON} />}
            onClick={() => {
              switchActive(!user.is_active);
            }}
          >
            {user.is_active ? 'Deactivate' : 'Activate'}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item
            color="red"
            leftSection={<IconTrash {...ICON} />}
            onClick={() => {
              ask('remove');
            }}
          >
            Remove
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {asked === 'change' && <ChangeUser user={user} onClose={close} />}
      <Confirm
        isOpen={asked === 'reset'}
        onClose={close}
        title={`Reset the password of ${user.name}?`}
        keep="Not now"
        confirm="Reset password"
        isBusy={reset.isPending}
        onConfirm={() => {
          reset.mutate(user.id, {
            onSuccess: (made) => {
              close();
              onReset(made);
            },
            onError: refused,
          });
        }}
      >
        You get a temporary password to hand over. {user.name} is logged out in{' '}
        {counted(user.sessions, 'place')} and must choose an own password at the next log-in.
      </Confirm>
      <Confirm
        isOpen={asked === 'remove'}
        onClose={close}
        title={`Remove ${user.name}?`}
        keep="Keep"
        confirm="Remove user"
        isRed
        isBusy={remove.isPending}
        onConfirm={() => {
          remove.mutate(user.id, {
            onSuccess: () => {
              tell(`${user.name} was removed.`);
            },
            onError: refused,
          });
        }}
      >
        {counted(user.sessions, 'session')} and {counted(user.tokens, 'API token')} end at once. The
        audit log keeps the name. This cannot be undone; to keep somebody out for a while,
        deactivate the account.
      </Confirm>
    </>
  );
}
