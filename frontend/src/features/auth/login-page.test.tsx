import { screen, waitFor } from '@testing-library/react';
import { HttpResponse } from 'msw';
import { expect, test } from 'vitest';
import type { Schema } from '@/lib/api';
import { renderApp } from '@/testing/render';
import { http, server } from '@/testing/server';
import LoginPage from './login-page';

const STRANGER = {
  type: 'urn:pulse:problem:not_signed_in',
  title: 'Not signed in',
  status: 401,
  detail: 'You are not signed in.',
  code: 'not_signed_in',
  fix: null,
  errors: null,
} satisfies Schema['Problem'];

const refused = (status: number, problem: Partial<Schema['Problem']> & { code: string }) =>
  HttpResponse.json({ ...STRANGER, status, ...problem }, { status });

function asStranger(): void {
  server.use(http.get('/api/auth/me', () => refused(401, { code: 'not_signed_in' }) as never));
}

async function typeAndSend(user: ReturnType<typeof renderApp>['user']): Promise<void> {
  await user.type(await screen.findByLabelText('E-mail'), 'priya@halcyon.example');
  await user.type(screen.getByLabelText('Password'), 'correct horse battery');
  await user.click(screen.getByRole('button', { name: 'Log in' }));
}

test('a wrong password says how many tries are left, keeps the e-mail and empties the password', async () => {
  asStranger();
  server.use(
    http.post(
      '/api/auth/login',
      () => refused(401, { code: 'wrong_password', tries_left: 3 }) as never,
    ),
  );
  const { user } = renderApp(<LoginPage />, { at: '/login', isStranger: true });
  await typeAndSend(user);
  expect(await screen.findByRole('alert')).toHaveTextContent(
    'E-mail or password is wrong. 3 tries left.',
  );
  expect(screen.getByLabelText('E-mail')).toHaveValue('priya@halcyon.example');
  expect(screen.getByLabelText('Password')).toHaveValue('');
  expect(screen.getByLabelText('Password')).toHaveFocus();
});

test('the log-in sends what was typed and leads to the page that was asked for', async () => {
  asStranger();
  const sent: unknown[] = [];
  server.use(
    http.post('/api/auth/login', async ({ request, response }) => {
      sent.push(await request.json());
      return response(200).json({
        id: '01994f0a-7c1e-7b52-9d0e-2f6c1c9f5b12',
        name: 'Priya Raghunathan',
        email: 'priya@halcyon.example',
        role: 'editor',
        via: 'session',
        must_change_password: false,
        expires_at: '2026-12-23T00:00:00Z',
        organisation: null,
        editors: [],
        admins: [],
      });
    }),
  );
  const { user, address } = renderApp(<LoginPage />, {
    at: '/login?next=%2Fdeals%3Fstage%3DWon',
    isStranger: true,
  });
  await typeAndSend(user);
  await waitFor(() => {
    expect(address()).toBe('/deals?stage=Won');
  });
  expect(sent).toEqual([{ email: 'priya@halcyon.example', password: 'correct horse battery' }]);
});

test('whoever is logged in is sent on', async () => {
  const { address } = renderApp(<LoginPage />, { at: '/login?next=/live-sync', path: '/login' });
  await waitFor(() => {
    expect(address()).toBe('/live-sync');
  });
});
