/** Who may log in: role, state, last log-in, and what can be done about it. */
import { Button, Skeleton } from '@mantine/core';
import { IconLock, IconUserOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Avatar } from '@/components/avatar/avatar';
import { QueryPanel } from '@/components/panel/query-panel';
import { Moment } from '@/components/time/moment';
import { counted, formatClock } from '@/lib/format';
import { useMe } from '@/lib/queries/session';
import { type TemporaryPassword, type User, USERS_A_PAGE, usersQuery } from '../api/users';
import type { Search } from '../lib/search';
import { ROLE_WORDS } from '../lib/words';
import { Pager } from './pager';
import { SecretDialog } from './secret-dialog';
import classes from './table.module.css';
import { AddUser } from './user-form';
import { UserMenu } from './user-menu';

export function UsersTab({ search }: { search: Search }) {
  const users = useQuery(usersQuery(search.page));
  const [isAdding, setIsAdding] = useState(false);
  const [made, setMade] = useState<TemporaryPassword | null>(null);
  return (
    <section aria-label="Users">
      <div className={classes.head}>
        <span role="status">{users.data && counted(users.data.count, 'user')}</span>
        <Button
          variant="filled"
          onClick={() => {
            setIsAdding(true);
          }}
        >
          Add a user
        </Button>
      </div>
      <QueryPanel
        query={users}
        failed="The users could not be read"
        minHeight={200}
        skeleton={[0, 1, 2].map((row) => (
          <Skeleton key={row} height={30} my={16} />
        ))}
      >
        {(page) => (
          <>
            <div className={classes.scroll}>
              <table className={classes.table}>
                <thead>
                  <tr>
                    <th scope="col">Person</th>
                    <th scope="col">Role</th>
                    <th scope="col">State</th>
                    <th scope="col">Last log-in</th>
                    <th scope="col" data-number>
                      Sessions
                    </th>
                    <th scope="col" data-number>
                      API tokens
                    </th>
                    <th scope="col" aria-label="Actions" />
                  </tr>
                </thead>
                <tbody>
                  {page.items.map((user) => (
                    <UserRow key={user.id} user={user} onReset={setMade} />
                  ))}
                </tbody>
              </table>
            </div>
            <Pager
              label="Pages of users"
              count={page.count}
              rows={page.items.length}
              size={USERS_A_PAGE}
              search={search}
            />
          </>
        )}
      </QueryPanel>
      {isAdding && (
        <AddUser
          onClose={() => {
            setIsAdding(false);
          }}
          onAdded={(added) => {
            setIsAdding(false);
            setMade(added);
          }}
        />
      )}
      {made && (
        <SecretDialog
          title={`Temporary password of ${made.user.name}`}
          label="Temporary password"
          secret={made.temporary_password}
          onClose={() => {
            setMade(null);
          }}
        >
          Hand it over with the e-mail {made.user.email}. It is shown this once, and must be changed
          at the first log-in.
        </SecretDialog>
      )}
    </section>
  );
}

function UserRow({ user, onReset }: { user: User; onReset: (made: TemporaryPassword) => void }) {
  const me = useMe();
  return (
    <tr data-off={!user.is_active || undefined}>
      <td>
        <span className={classes.person}>
          <Avatar name={user.name} size={28} />
          <span>
            <span className={classes.name}>
              {user.name}
              {user.id === me.id && ' (you)'}
            </span>
            <span className={classes.small}>{user.email}</span>
          </span>
        </span>
      </td>
      <td>{ROLE_WORDS[user.role]}</td>
      <td>
        <UserState user={user} />
      </td>
      <td data-label="Last log-in">
        {user.last_login_at ? <Moment at={user.last_login_at} /> : 'Never'}
      </td>
      <td data-number data-label="Sessions">
        {user.sessions}
      </td>
      <td data-number data-label="API tokens">
        {user.tokens}
      </td>
      <td>
        <UserMenu user={user} onReset={onReset} />
      </td>
    </tr>
  );
}

function UserState({ user }: { user: User }) {
  if (!user.is_active) {
    return (
      <span className={classes.state}>
        <IconUserOff size={15} stroke={1.7} aria-hidden />
        Deactivated
      </span>
    );
  }
  if (user.locked_until) {
    return (
      <span className={classes.state} data-hue="amber">
        <IconLock size={15} stroke={1.7} aria-hidden />
        Locked until {formatClock(new Date(user.locked_until))}
      </span>
    );
  }
  return user.must_change_password ? 'Temporary password' : 'Active';
}
