import { notifications } from '@mantine/notifications';
import { screen, waitFor } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { renderApp } from '@/testing/render';
import { http, server } from '@/testing/server';
import { alertPage, exampleAlert } from '@/testing/alerts';
import type { Alert } from '@/lib/queries/alerts';
import { DealAlerts } from './components/deal-alerts';

afterEach(() => {
  // Toasts outlive the part that showed them.
  notifications.clean();
});

function show(alerts: Alert[]): { ids: string[] } {
  const seen: { ids: string[] } = { ids: [] };
  server.use(
    http.get('/api/alerts', ({ request, response }) => {
      expect(new URL(request.url).searchParams.get('deal')).toBe('901');
      const open = alerts.filter(({ id }) => !seen.ids.includes(id));
      return response(200).json(alertPage(open));
    }),
    http.post('/api/alerts/acknowledge', async ({ request, response }) => {
      seen.ids = (await request.json()).ids;
      return response(200).json({ changed: seen.ids, unchanged: [], open: 0 });
    }),
  );
  return seen;
}

it('tells what moved too far on the deal, until somebody has seen to it', async () => {
  const seen = show([exampleAlert(1), exampleAlert(2, { by: null })]);
  const { user } = renderApp(<DealAlerts id="901" />, { role: 'editor' });

  const [first, second] = await screen.findAllByRole('listitem');
  expect(first).toHaveTextContent(/^Probability fell 40 points, from 80% to 40%, by Omar Haddad /);
  expect(second).not.toHaveTextContent(' by ');
  await user.click(screen.getByRole('button', { name: 'Acknowledge all' }));
  await waitFor(() => {
    expect(screen.queryByRole('listitem')).toBeNull();
  });
  expect(seen.ids).toEqual(['1', '2']);
});

it('offers viewers nothing to press', async () => {
  show([exampleAlert(1)]);
  renderApp(<DealAlerts id="901" />, { role: 'viewer' });

  expect(await screen.findByRole('listitem')).toBeVisible();
  expect(screen.queryByRole('button')).toBeNull();
});
