import { notifications } from '@mantine/notifications';
import { screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { onKeyDown } from '@/lib/keys';
import type { Alert } from '@/lib/queries/alerts';
import type { Role } from '@/lib/queries/session';
import { renderApp } from '@/testing/render';
import { http, server } from '@/testing/server';
import { exampleAlert as alert } from '@/testing/alerts';
import AlertsPage from './alerts-page';

const money = (amount: string, currency: string): Alert['old'] => ({
  kind: 'money',
  amount,
  currency,
});

let alerts: Alert[] = [];
const asked: URLSearchParams[] = [];

beforeEach(() => {
  document.addEventListener('keydown', onKeyDown);
});
afterEach(() => {
  document.removeEventListener('keydown', onKeyDown);
  // Toasts outlive the page that they were told on.
  notifications.clean();
});

function show(rows: Alert[], role: Role = 'editor', at = '/alerts') {
  alerts = rows;
  asked.length = 0;
  server.use(
    http.get('/api/alerts', ({ request, response }) => {
      const query = new URL(request.url).searchParams;
      asked.push(query);
      const status = query.get('status');
      const rules = query.getAll('rule');
      const isOpen = ({ acknowledged_at: seen }: Alert): boolean => seen === null;
      const ofRules = alerts.filter(({ rule }) => rules.length === 0 || rules.includes(rule));
      const items = ofRules.filter(
        (each) => status === 'all' || isOpen(each) === (status === 'open'),
      );
      const count = (rule: Alert['rule']): number =>
        alerts.filter((each) => each.rule === rule && isOpen(each) === (status === 'open')).length;
      return response(200).json({
        count: items.length,
        items,
        limit: 50,
        offset: 0,
        has_more: false,
        by_rule: {
          amount_moved: count('amount_moved'),
          probability_fell: count('probability_fell'),
          closing_pushed: count('closing_pushed'),
          stage_backwards: count('stage_backwards'),
        },
        open: ofRules.filter(isOpen).length,
        acknowledged: ofRules.filter((each) => !isOpen(each)).length,
        base_currency: 'SGD',
        thresholds: { amount_percent: 50, probability_points: 30, closing_days: 90 },
      });
    }),
    http.get('/api/deals/columns', ({ response }) =>
      response(200).json({ columns: [], base_currency: 'SGD', today: '2026-03-02' } as never),
    ),
    ...(['/api/alerts/acknowledge', '/api/alerts/unacknowledge'] as const).map((path) =>
      http.post(path, async ({ request, response }) => {
        const { ids } = await request.json();
        const seen = path.endsWith('/acknowledge') ? '2026-03-02T09:30:00Z' : null;
        alerts = alerts.map((each) =>
          ids.includes(each.id)
            ? { ...each, acknowledged_at: seen, acknowledged_by: seen && 'Ada' }
            : each,
        );
        return response(200).json({ changed: ids, unchanged: [], open: 0 });
      }),
    ),
  );
  return renderApp(<AlertsPage />, { at, role });
}

const names = (): (string | null)[] =>
  screen.queryAllByRole('link', { name: /^Deal number/ }).map((link) => link.textContent);
const rowOf = async (name: string) => {
  const row = (await screen.findByRole('link', { name })).closest<HTMLElement>('[role=row]');
  if (row === null) throw new Error(`${name} is in no row`);
  return row;
};

it('says of each rule why the deal is here, what it was and is, who and when', async () => {
  show([
    alert(1),
    alert(2, {
      rule: 'amount_moved',
      old: money('1350000.00', 'SGD'),
      new: money('620000.50', 'SGD'),
      size: -54.07,
      side: 'local',
    }),
    alert(3, {
      rule: 'amount_moved',
      old: money('100.00', 'SGD'),
      new: money('20000', 'INR'),
      size: 220.5,
      compared: { currency: 'SGD', old: 100, new: 320.5 },
    }),
    alert(4, { rule: 'amount_moved', old: money('5', 'SGD'), new: null, size: -100 }),
    alert(5, {
      rule: 'closing_pushed',
      old: { kind: 'date', date: '2026-03-31' },
      new: { kind: 'date', date: '2026-08-01' },
      size: 123,
    }),
    alert(6, {
      rule: 'stage_backwards',
      old: { kind: 'choice', choice: { value: 'N', label: 'Negotiation' } },
      new: { kind: 'choice', choice: { value: 'P', label: 'Proposal' } },
      size: -1,
    }),
    alert(7, { rule: 'stage_backwards', size: -3, is_reopened: true }),
  ]);

  expect(await rowOf('Deal number 1')).toHaveTextContent(
    /Probability fell 40 points80%40%Mei TanOmar HaddadCRM.*1,250Acknowledge/,
  );
  const local = await rowOf('Deal number 2');
  expect(local).toHaveTextContent('Amount fell 54.1 %SGD 1,350,000620,000.50');
  expect(local).toHaveTextContent('Local');
  const converted = await rowOf('Deal number 3');
  expect(converted).toHaveTextContent('Amount rose 221 %SGD 100INR 20,000');
  expect(within(converted).getByTitle(/compared in SGD, 100 and 321/)).toBeVisible();
  expect(await rowOf('Deal number 4')).toHaveTextContent('Amount was emptiedSGD 5Empty');
  expect(await rowOf('Deal number 5')).toHaveTextContent('Closing date pushed 123 days');
  expect(await rowOf('Deal number 6')).toHaveTextContent('Stage went back 1 place');
  expect(await rowOf('Deal number 7')).toHaveTextContent('Reopened');
  expect(screen.getByText(/Raised when an amount moves by more than 50 %/)).toBeVisible();
  expect(
    screen.getByText(
      (_, element) =>
        element?.tagName === 'P' &&
        element.textContent ===
          '7 changes ask for a look: 3 amounts moved, 1 probability fell, 1 closing date was pushed and 2 stages went back.',
    ),
  ).toBeVisible();
});

it('takes an acknowledged alert away, and brings it back by Undo', async () => {
  const { user } = show([alert(1), alert(2)]);

  await user.click(await screen.findByRole('button', { name: /^Acknowledge: Deal number 1,/ }));
  await waitFor(() => {
    expect(names()).toEqual(['Deal number 2']);
  });
  expect(await screen.findByText('1 alert acknowledged.')).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Undo' }));
  await waitFor(() => {
    expect(names()).toEqual(['Deal number 1', 'Deal number 2']);
  });
});

it('is worked through by keys alone', async () => {
  const { user, address } = show([alert(1), alert(2), alert(3)]);
  await rowOf('Deal number 1');

  await user.keyboard('jjx');
  expect(await screen.findByText('1 selected')).toBeVisible();
  await user.keyboard('kx');
  expect(screen.getByText('2 selected')).toBeVisible();
  await user.keyboard('a');
  await waitFor(() => {
    expect(names()).toEqual(['Deal number 3']);
  });
  await user.keyboard('k{Enter}');
  expect(address()).toBe('/deals/903');
});

it('narrows to a rule and to a state, in the address', async () => {
  const { user, address } = show([
    alert(1),
    alert(2, { rule: 'closing_pushed', size: 100 }),
    alert(3, { acknowledged_at: '2026-03-01T09:00:00Z', acknowledged_by: 'Ada' }),
  ]);
  await rowOf('Deal number 1');

  await user.click(screen.getByRole('button', { name: 'Closing date pushed 1' }));
  expect(address()).toBe('/alerts?rule=closing_pushed');
  await waitFor(() => {
    expect(names()).toEqual(['Deal number 2']);
  });
  await user.click(screen.getByRole('button', { name: 'Closing date pushed 1' }));
  await user.click(screen.getByRole('radio', { name: 'Acknowledged 1' }));
  expect(address()).toBe('/alerts?status=acknowledged');
  await waitFor(() => {
    expect(names()).toEqual(['Deal number 3']);
  });
  await user.click(screen.getByRole('button', { name: /^Open again: Deal number 3/ }));
  expect(await screen.findByText('No alert has been acknowledged yet.')).toBeVisible();
});

it('offers viewers no way to acknowledge, and admins the thresholds', async () => {
  const { unmount } = show([alert(1)], 'viewer');
  await rowOf('Deal number 1');
  expect(screen.queryByRole('button', { name: /Acknowledge/ })).toBeNull();
  expect(screen.queryByRole('checkbox')).toBeNull();
  expect(screen.queryByRole('link', { name: 'Thresholds' })).toBeNull();
  unmount();

  show([alert(1)], 'admin');
  expect(await screen.findByRole('link', { name: 'Thresholds' })).toHaveAttribute(
    'href',
    '/admin?tab=settings',
  );
});

it('says that nothing is to do, or that nothing matches', async () => {
  const { user } = show([], 'editor', '/alerts?rule=amount_moved');
  expect(await screen.findByText(/No alerts match these filters/)).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Clear filters' }));
  expect(
    await screen.findByText(
      'No alerts. No amount, probability, closing date or stage has moved too far.',
    ),
  ).toBeVisible();
  expect(asked.at(-1)?.getAll('rule')).toEqual([]);
});
