/** CRM Integration: connect, see what the connection may do, map fields, end it. */
import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Page } from '@/components/page/page';
import { QueryPanel } from '@/components/panel/query-panel';
import { connectionQuery } from './api/connection';
import { Connected } from './components/connected';
import { NotConnected } from './components/not-connected';

export default function CrmIntegrationPage() {
  const connection = useQuery(connectionQuery);
  if (connection.data === undefined) {
    return (
      <Page title="CRM Integration">
        <QueryPanel
          query={connection}
          failed="The connection could not be read"
          minHeight={520}
          skeleton={<Skeleton h={520} />}
        >
          {() => null}
        </QueryPanel>
      </Page>
    );
  }
  return connection.data.state === 'not_connected' ? (
    <NotConnected connection={connection.data} />
  ) : (
    <Connected connection={connection.data} />
  );
}
