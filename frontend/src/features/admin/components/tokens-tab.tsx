/** API tokens: whose, what they may do, when they were used, and an end to each. */
import { Button, Select, Skeleton, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { FormDialog } from '@/components/form-dialog/form-dialog';
import { Confirm } from '@/components/confirm/confirm';
import { NothingHere, QueryPanel } from '@/components/panel/query-panel';
import { Moment } from '@/components/time/moment';
import { counted } from '@/lib/format';
import { tell, tellError } from '@/lib/toast';
import { type Token, TOKENS_A_PAGE, tokensQuery, useEndToken, useMakeToken } from '../api/tokens';
import type { Search } from '../lib/search';
import { ROLE_WORDS } from '../lib/words';
import { Pager } from './pager';
import { SecretDialog } from './secret-dialog';
import classes from './table.module.css';
import { RoleChoice } from './user-form';

const LASTS = [
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '366', label: 'A year' },
];

type Made = { token: Token; secret: string };

export function TokensTab({ search }: { search: Search }) {
  const tokens = useQuery(tokensQuery(search.page));
  const [isMaking, setIsMaking] = useState(false);
  const [made, setMade] = useState<Made | null>(null);
  return (
    <section aria-label="API tokens">
      <div className={classes.head}>
        <span role="status">{tokens.data && counted(tokens.data.count, 'token')}</span>
        <Button
          variant="filled"
          onClick={() => {
            setIsMaking(true);
          }}
        >
          Make a token
        </Button>
      </div>
      <QueryPanel
        query={tokens}
        failed="The API tokens could not be read"
        minHeight={160}
        skeleton={[0, 1].map((row) => (
          <Skeleton key={row} height={30} my={16} />
        ))}
      >
        {(page) =>
          page.items.length === 0 ? (
            <NothingHere>No API tokens. Programs that read the API need one each.</NothingHere>
          ) : (
            <>
              <div className={classes.scroll}>
                <table className={classes.table}>
                  <thead>
                    <tr>
                      <th scope="col">Token</th>
                      <th scope="col">Role</th>
                      <th scope="col">Acts as</th>
                      <th scope="col">Last used</th>
                      <th scope="col">Ends</th>
                      <th scope="col" aria-label="Actions" />
                    </tr>
                  </thead>
                  <tbody>
                    {page.items.map((token) => (
                      <TokenRow key={token.id} token={token} />
                    ))}
                  </tbody>
                </table>
              </div>
              <Pager
                label="Pages of tokens"
                count={page.count}
                rows={page.items.length}
                size={TOKENS_A_PAGE}
                search={search}
              />
            </>
          )
        }
      </QueryPanel>
      {isMaking && (
        <MakeToken
          onClose={() => {
            setIsMaking(false);
          }}
          onMade={(done) => {
            setIsMaking(false);
            setMade(done);
          }}
        />
      )}
      {made && (
        <SecretDialog
          title={`API token ${made.token.name}`}
          label="API token"
          secret={made.secret}
          onClose={() => {
            setMade(null);
          }}
        >
          Send it as Authorization: Bearer with each request. It is shown this once; we keep only a
          fingerprint of it.
        </SecretDialog>
      )}
    </section>
  );
}

function TokenRow({ token }: { token: Token }) {
  const [isAsking, setIsAsking] = useState(false);
  const end = useEndToken();
  const close = () => {
    setIsAsking(false);
  };
  return (
    <tr data-off={token.is_expired || !token.owner_is_active || undefined}>
      <td>
        <span className={classes.name}>{token.name}</span>
        <span className={classes.small}>{token.hint}…</span>
      </td>
      <td>{ROLE_WORDS[token.role]}</td>
      <td data-label="Acts as">
        {token.owner}
        {!token.owner_is_active && ', who is deactivated'}
      </td>
      <td data-label="Last used">
        {token.last_used_at ? <Moment at={token.last_used_at} /> : 'Never'}
      </td>
      <td data-label="Ends">
        {token.is_expired ? 'Expired ' : ''}
        <Moment at={token.expires_at} as="when" />
      </td>
      <td>
        <Button
          aria-label={`End token ${token.name}`}
          onClick={() => {
            setIsAsking(true);
          }}
        >
          End
        </Button>
        <Confirm
          isOpen={isAsking}
          onClose={close}
          title={`End the token ${token.name}?`}
          keep="Keep"
          confirm="End token"
          isRed
          isBusy={end.isPending}
          onConfirm={() => {
            end.mutate(token.id, {
              onSuccess: () => {
                tell(`The token ${token.name} has ended.`);
              },
              onError: (error) => {
                tellError(error, 'The token goes on.');
                close();
              },
            });
          }}
        >
          The program that uses it is refused from its next request on. This cannot be undone.
        </Confirm>
      </td>
    </tr>
  );
}

type MakeTokenProps = { onClose: () => void; onMade: (made: Made) => void };

function MakeToken({ onClose, onMade }: MakeTokenProps) {
  const make = useMakeToken();
  const [name, setName] = useState('');
  const [role, setRole] = useState<Token['role']>('viewer');
  const [days, setDays] = useState('90');
  return (
    <FormDialog
      title="Make an API token"
      submit="Make token"
      isBusy={make.isPending}
      error={make.error}
      onClose={onClose}
      onSubmit={() => {
        make.mutate({ name, role, expires_in_days: Number(days) }, { onSuccess: onMade });
      }}
    >
      <TextInput
        label="Name"
        description="Which program it is for"
        required
        withAsterisk={false}
        data-autofocus
        autoComplete="off"
        value={name}
        onChange={(event) => {
          setName(event.currentTarget.value);
        }}
      />
      <RoleChoice label="What it may do" value={role} onChange={setRole} />
      <Select
        label="Lasts"
        data={LASTS}
        value={days}
        allowDeselect={false}
        onChange={(chosen) => {
          setDays(chosen ?? days);
        }}
      />
    </FormDialog>
  );
}
