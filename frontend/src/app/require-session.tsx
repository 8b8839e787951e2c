/** Lets people in who are logged in, and sends others to the log-in page and back. */
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Navigate, useLocation } from 'react-router';
import { PanelFailure } from '@/components/panel/query-panel';
import { ApiProblem } from '@/lib/api';
import { meQuery } from '@/lib/queries/session';

export function RequireSession({ children }: { children: ReactNode }) {
  const me = useQuery(meQuery);
  const { pathname, search } = useLocation();
  if (me.error instanceof ApiProblem && me.error.status === 401) {
    const next = pathname + search;
    const address = next === '/' ? '/login' : `/login?next=${encodeURIComponent(next)}`;
    return <Navigate to={address} replace />;
  }
  if (me.data) {
    return me.data.must_change_password ? <Navigate to="/password" replace /> : children;
  }
  if (me.isError) {
    return (
      <main style={{ maxWidth: 480, margin: '20vh auto 0' }}>
        <PanelFailure
          error={me.error}
          failed="Pipeline Pulse could not be opened"
          failedAt={me.errorUpdatedAt}
          onRetry={() => void me.refetch()}
        />
      </main>
    );
  }
  return null;
}
