/** Connection, token, permissions: three statements beside each other. */
import { IconAlertTriangle, IconCheck, IconCircleCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Fact, Facts } from '@/components/facts/facts';
import { Columns, Section } from '@/components/page/section';
import { Moment } from '@/components/time/moment';
import { counted, formatWhole, NONE } from '@/lib/format';
import { useNow } from '@/lib/now';
import type { Connection } from '../api/connection';
import classes from './statements.module.css';

export function Statements({ connection }: { connection: Connection }) {
  return (
    <Columns layout="equal">
      <ConnectionFacts connection={connection} />
      <TokenFacts connection={connection} />
      <Permissions connection={connection} />
    </Columns>
  );
}

function ConnectionFacts({ connection }: { connection: Connection }) {
  const { organisation, data_centre: centre, api_domain: domain, connected_at: at } = connection;
  return (
    <Section title="Connection">
      <Facts>
        <Fact label="Organisation">{organisation?.company_name ?? 'Not read yet'}</Fact>
        <Fact label="Edition">
          {organisation === null
            ? NONE
            : `${capitalised(organisation.edition)}, ${counted(organisation.users_licensed, 'user')}`}
        </Fact>
        <Fact label="Data centre">
          {[centre?.name, domain === null ? undefined : new URL(domain).host]
            .filter((part) => part !== undefined)
            .join(', ')}
        </Fact>
        <Fact label="API credits">
          {organisation === null
            ? NONE
            : `${formatWhole(organisation.credits_a_day)} in rolling 24 h`}
        </Fact>
        <Fact label="Connected">
          {at === null ? NONE : <Moment at={at} as="when" />}
          {connection.connected_by === null
            ? ', by the environment'
            : ` by ${connection.connected_by}`}
        </Fact>
      </Facts>
    </Section>
  );
}

function TokenFacts({ connection }: { connection: Connection }) {
  return (
    <Section title="Token">
      <Facts>
        <Fact label="Access token">
          <AccessToken connection={connection} />
        </Fact>
        <Fact label="Refresh token">
          {connection.state === 'refused' ? (
            <Bad>refused by Zoho</Bad>
          ) : (
            <Good>stored encrypted</Good>
          )}
        </Fact>
        <Fact label="Last renewal">
          {connection.last_renewal_at === null ? (
            NONE
          ) : (
            <Moment at={connection.last_renewal_at} as="when" />
          )}
        </Fact>
        <Fact label="Last checked">
          {connection.last_checked_at === null ? (
            'Never'
          ) : (
            <Moment at={connection.last_checked_at} />
          )}
        </Fact>
      </Facts>
    </Section>
  );
}

function AccessToken({ connection }: { connection: Connection }) {
  const now = useNow();
  const ends = connection.access_token.expires_at;
  if (connection.state === 'refused') return <Bad>cannot be renewed</Bad>;
  if (ends === null) return 'made with the next call';
  const left = Math.floor((new Date(ends).getTime() - now.getTime()) / 60_000);
  if (left < 0) return 'over, renewed with the next call';
  return <Good>valid, {left === 0 ? 'under a minute' : `${left} min`} left</Good>;
}

const WORDS: Record<Connection['areas'][number]['read'], string> = {
  granted: 'Granted',
  missing: 'Missing',
  not_needed: 'not needed',
  unknown: 'not checked',
};

function Permissions({ connection }: { connection: Connection }) {
  return (
    <Section title="Permissions and modules">
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">Area</th>
            <th scope="col">Read</th>
            <th scope="col">Write</th>
            <th scope="col">Checked by</th>
          </tr>
        </thead>
        <tbody>
          {connection.areas.map((area) => (
            <tr key={area.name}>
              <th scope="row">
                {area.name}
                {area.missing_scopes.length > 0 && (
                  <span className={classes.scopes}>{area.missing_scopes.join(', ')}</span>
                )}
              </th>
              <td>
                <GrantMark grant={area.read} />
              </td>
              <td>
                <GrantMark grant={area.write} />
              </td>
              <td>{area.checked_by ?? NONE}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}

function GrantMark({ grant }: { grant: Connection['areas'][number]['read'] }) {
  if (grant === 'granted') {
    return (
      <span role="img" aria-label={WORDS.granted}>
        <IconCheck size={16} stroke={1.7} aria-hidden />
      </span>
    );
  }
  if (grant === 'missing') return <Bad>{WORDS.missing}</Bad>;
  return <span className={classes.dim}>{WORDS[grant]}</span>;
}

function Good({ children }: { children: ReactNode }) {
  return (
    <span className={classes.state}>
      <IconCircleCheck className={classes.good} size={16} stroke={1.7} aria-hidden />
      <span>{children}</span>
    </span>
  );
}

function Bad({ children }: { children: ReactNode }) {
  return (
    <span className={classes.state} data-bad>
      <IconAlertTriangle size={16} stroke={1.7} aria-hidden />
      <span>{children}</span>
    </span>
  );
}

const capitalised = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
