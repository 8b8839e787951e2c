/** Renders a part as the app does: theme, cache and a router that remembers where it was sent. */
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { render, type RenderResult } from '@testing-library/react';
import userEvent, { type UserEvent } from '@testing-library/user-event';
import { type ReactNode, Suspense } from 'react';
import { createMemoryRouter, RouterProvider } from 'react-router';
import { createQueryClient } from '@/lib/query';
import { type Me, meQuery, type Role } from '@/lib/queries/session';
import { cssVariablesResolver, theme } from '@/theme/theme';

type Options = {
  /** Where the part is shown, with its parameters: `/deals?stage=Won`. */
  at?: string;
  /** Its route, if it has parameters: `/deals/:id`. */
  path?: string;
  /** Who is logged in. */
  role?: Role;
  /** Nobody is logged in, and the server is asked. */
  isStranger?: boolean;
};

export type Rendered = RenderResult & { user: UserEvent; address: () => string };

export function renderApp(
  part: ReactNode,
  { at = '/', path = '*', role = 'admin', isStranger = false }: Options = {},
): Rendered {
  const queries = createQueryClient();
  const me: Me = {
    id: '01994f0a-7c1e-7b52-9d0e-2f6c1c9f5b12',
    via: 'session',
    expires_at: '2026-12-23T00:00:00Z',
    organisation: 'Halcyon Systems',
    editors: ['Priya Raghunathan', 'Marcus Tan'],
    admins: ['Daniel Koh'],
    name: 'Daniel Koh',
    email: 'daniel.koh@halcyon.example',
    role,
    must_change_password: false,
  };
  if (!isStranger) queries.setQueryData(meQuery.queryKey, me);
  const router = createMemoryRouter([{ path, element: <Suspense>{part}</Suspense> }], {
    initialEntries: [at],
  });
  const user = userEvent.setup();
  const result = render(
    <MantineProvider theme={theme} cssVariablesResolver={cssVariablesResolver} env="test">
      <Notifications />
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>,
  );
  return {
    ...result,
    user,
    address: () => router.state.location.pathname + router.state.location.search,
  };
}
