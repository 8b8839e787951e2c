import { screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { renderApp } from '@/testing/render';
import { http, server } from '@/testing/server';
import DashboardPage from './dashboard-page';
import { aMorning, change, CURRENT, DASHBOARD, FAILING, NOW, UNCONNECTED } from './testing';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
});
afterEach(() => {
  vi.useRealTimers();
});

const show = (role: 'viewer' | 'editor' | 'admin' = 'editor') =>
  renderApp(<DashboardPage />, { role });

const lede = async (): Promise<HTMLElement> => {
  const line = await screen.findByText(/since|changed/, { selector: 'p' });
  return line;
};

const numbers = async (): Promise<HTMLElement> => {
  await screen.findByText('48,615,241', { selector: 'ul *' });
  return screen.getByRole('list', { name: 'What the pipeline is worth' });
};

const addressOf = (link: HTMLElement): URL =>
  new URL(link.getAttribute('href') ?? '', 'http://localhost');

describe('the morning line', () => {
  test('tells how the pipeline moved since the same weekday and what needs a person', async () => {
    aMorning();
    show();

    expect(await lede()).toHaveTextContent(
      /^Pipeline is up S\$ 2\.14 M since last Monday: 18 new deals, 4 won, 9 pushed out\. 6 deals are past closing, 3 conflicts wait\.$/,
    );
  });

  test('leads to the deals that it speaks of', async () => {
    aMorning();
    show();

    const late = addressOf(await screen.findByRole('link', { name: '6 deals are past closing' }));
    expect(late.pathname).toBe('/deals');
    expect(late.searchParams.getAll('stage')).toEqual(['Needs analysis', 'Proposal/Quote']);
    expect(late.searchParams.get('closing_to')).toBe('2026-08-16');
    const conflicts = addressOf(screen.getByRole('link', { name: '3 conflicts' }));
    expect(conflicts.pathname + conflicts.search).toBe('/sync-status?tab=conflicts');
  });

  test('leads from what waits for the CRM to the deals that wait', async () => {
    aMorning({ current: { ...CURRENT, pending_changes: 4 } });
    show();

    const waiting = addressOf(await screen.findByRole('link', { name: '4 waiting for sync' }));
    expect(waiting.pathname + waiting.search).toBe('/deals?state=pending');
  });

  test('says so where history is shorter than a week, and where nothing is to do', async () => {
    const { change: moved } = DASHBOARD;
    aMorning({
      current: { ...CURRENT, conflicts: 0 },
      dashboard: {
        ...DASHBOARD,
        overdue: { deals: 0, value: 0, weighted: 0 },
        change: moved && {
          ...moved,
          since: '2026-08-17T00:10:00Z',
          is_cut: true,
          value: { absolute: 0.3, relative: 0 },
          new_deals: 0,
          won_deals: 0,
          postponed_deals: 0,
        },
      },
    });
    show();

    const line = await lede();
    expect(line).toHaveTextContent(
      /^The value of the pipeline has not changed since [\d:]+, when our history begins\. Nothing needs you (this morning|now)\.$/,
    );
  });
});

describe('the numbers', () => {
  test('are told in full with their change, and open the open deals', async () => {
    aMorning();
    show();

    const strip = await numbers();
    expect(within(strip).getByText('+2,140,000')).toHaveAttribute('data-direction', 'up');
    expect(within(strip).getByText('+4.6%')).toBeInTheDocument();
    expect(within(strip).getByText('−1,306,420')).toHaveAttribute('data-direction', 'down');
    expect(within(strip).getByText('−5.1%')).toBeInTheDocument();
    expect(within(strip).getByText('+742,800')).toBeInTheDocument();
    expect(within(strip).getByText('Revenue realised, Q3')).toBeInTheDocument();
    const link = addressOf(within(strip).getByRole('link', { name: /48,615,241/ }));
    expect(link.searchParams.getAll('stage')).toEqual(['Needs analysis', 'Proposal/Quote']);
  });

  test('name what they leave out for want of a rate, and lead to it', async () => {
    aMorning({
      dashboard: {
        ...DASHBOARD,
        without_rate: [
          { currency: 'LKR', deals: 3 },
          { currency: null, deals: 1 },
        ],
      },
    });
    show();

    const words =
      '3 deals in LKR and 1 without a currency have no rate and are not in these totals.';
    expect(await screen.findAllByRole('img', { name: words })).toHaveLength(2);
    const link = addressOf(screen.getByRole('link', { name: 'Show them' }));
    expect(link.searchParams.getAll('currency')).toEqual(['LKR', '']);
  });

  test('say of when they are while syncs fail', async () => {
    aMorning({ current: FAILING });
    show();

    const strip = await numbers();
    expect(within(strip).getAllByText(/^as of /)).toHaveLength(5);
    expect(await lede()).toHaveTextContent(
      /^As of .*, pipeline is up S\$ 2\.14 M since last Monday/,
    );
    expect(screen.getByText('Failing')).toBeInTheDocument();
    expect(screen.getByText('Sign-in refused')).toBeInTheDocument();
    expect(screen.getByText('12, kept safe')).toBeInTheDocument();
    expect(screen.getByText('Next try')).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Quick Sync' })).toBeDisabled();
    expect(screen.getByText(/^paused at /)).toBeInTheDocument();
  });
});

describe('stages and countries', () => {
  test('stand as tables whose rows lead to their deals', async () => {
    aMorning();
    show();

    const stages = await screen.findByRole('table', { name: 'Pipeline by stage' });
    const rows = within(stages).getAllByRole('row').slice(1);
    expect(rows.map(({ textContent }) => textContent)).toEqual([
      'Needs analysis522,025,65610,128,281',
      'Proposal16224,963,94938,486,960',
      'Total21426,989,60548,615,241',
    ]);
    const link = addressOf(within(stages).getByRole('link', { name: 'Proposal' }));
    expect(link.searchParams.getAll('stage')).toEqual(['Proposal/Quote']);
  });

  test('keep deals without a country, and sum up the rest', async () => {
    aMorning();
    show();

    const countries = await screen.findByRole('table', { name: 'Pipeline by country' });
    const none = addressOf(within(countries).getByRole('link', { name: 'No country' }));
    expect(none.searchParams.getAll('country')).toEqual(['']);
    expect(within(countries).getByText('3 more').closest('tr')).toHaveTextContent('4,537,650');
    expect(within(countries).queryByRole('link', { name: '3 more' })).toBeNull();
  });

  test('follow probability where the CRM forecasts no stage', async () => {
    aMorning({
      dashboard: {
        ...DASHBOARD,
        open: {
          rule: 'probability',
          stages: [],
          probability_from: 10,
          probability_to: 89,
          undescribed_deals: 0,
        },
      },
    });
    show();

    const stages = await screen.findByRole('table', { name: 'Pipeline by stage' });
    const link = addressOf(within(stages).getByRole('link', { name: 'Proposal' }));
    expect(link.searchParams.get('probability')).toBe('active');
    expect(link.searchParams.get('stage')).toBe('Proposal/Quote');
  });
});

describe('Live CRM', () => {
  test('tells the state of the mirror and the day’s runs', async () => {
    aMorning();
    show();

    expect(await screen.findByText('In sync')).toBeInTheDocument();
    expect(screen.getByText(/· 18 deals changed$/)).toBeInTheDocument();
    expect(screen.getByText('40 s old')).toBeInTheDocument();
    expect(screen.getByText('in 14 min')).toBeInTheDocument();
    expect(screen.getByText('4 waiting for sync')).toBeInTheDocument();
    expect(screen.getByRole('link', { name: '3 need a decision' })).toBeInTheDocument();
    expect(await screen.findByText('96 runs, 1,204 changes, 1 failed')).toBeInTheDocument();
  });

  test('starts a quick sync for those who may, and no other role sees the button', async () => {
    aMorning();
    let started = 0;
    server.use(
      http.post('/api/live-sync/sync/incremental', ({ response }) => {
        started += 1;
        return response(202).json({
          message: 'Incremental sync of Deals started.',
          session_id: '01994f0a-7c1e-7b52-9d0e-2f6c1c9f5b11',
          status: 'pending',
          sync_since: null,
          note: null,
        });
      }),
    );
    const { user, unmount } = show('editor');
    await screen.findByText('In sync');
    await user.click(screen.getByRole('button', { name: 'Quick Sync' }));
    await waitFor(() => {
      expect(started).toBe(1);
    });
    unmount();

    show('viewer');
    await screen.findByText('In sync');
    expect(screen.queryByRole('button', { name: 'Quick Sync' })).toBeNull();
  });
});

describe('recent changes', () => {
  test('name deal, side, field, from and to', async () => {
    aMorning({
      changes: () => [
        change(3, { kind: 'created', changes: [] }),
        change(2, { side: 'local' }),
        change(1, { kind: 'deleted', by: null, changes: [] }),
      ],
    });
    show();

    await screen.findByRole('link', { name: 'Deal number 3' });
    expect(rowsOfFeed()).toEqual([
      'Deal number 3CRMNew deal, Nurul Aisyah',
      'Deal number 2LocalAmount IDR 17,200,000 → IDR 19,800,000+1',
      'Deal number 1CRMNot shown to us any more',
    ]);
    expect(screen.getByRole('link', { name: 'Deal number 2' })).toHaveAttribute(
      'href',
      '/deals/9002',
    );
  });

  test('can be paused, and go on with what arrived meanwhile', async () => {
    let entries = [change(1)];
    aMorning({ changes: () => entries });
    const { user } = show();
    await screen.findByRole('link', { name: 'Deal number 1' });
    await user.click(screen.getByRole('button', { name: 'Pause feed' }));
    expect(screen.getByText(/^paused at [\d:]+$/)).toBeInTheDocument();

    entries = [change(2), change(1)];
    lookAwayAndBack();
    expect(await screen.findByText(/^paused at [\d:]+, 1 new$/)).toBeInTheDocument();
    expect(screen.queryByRole('link', { name: 'Deal number 2' })).toBeNull();

    await user.click(screen.getByRole('button', { name: 'Go on' }));
    const arrived = screen.getByRole('link', { name: 'Deal number 2' });
    expect(arrived.closest('li')).toHaveAttribute('data-new');
    expect(screen.getByText('as they arrive')).toBeInTheDocument();
    await waitFor(() => {
      expect(arrived.closest('li')).not.toHaveAttribute('data-new');
    });
  });

  test('say so where nothing has changed yet', async () => {
    aMorning({ changes: () => [] });
    show();

    expect(
      await screen.findByText('No deal has changed since the first full sync.'),
    ).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: 'Pause feed' })).toBeNull();
  });
});

describe('a part that fails', () => {
  test('says what failed and keeps the others', async () => {
    aMorning();
    server.use(
      http.get('/api/dashboard', ({ response }) =>
        response(503).json(
          {
            type: 'urn:pulse:problem:database_unavailable',
            title: 'Database not reachable',
            status: 503,
            detail: 'The database did not answer within 10 s.',
            code: 'database_unavailable',
            fix: null,
            errors: null,
          },
          { headers: { 'content-type': 'application/problem+json' } },
        ),
      ),
    );
    const { user } = show();

    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent('The pipeline could not be computed');
    expect(alert).toHaveTextContent(
      /The database did not answer within 10 s\. The other panels are not affected\. Trying again in \d s\./,
    );
    expect(within(alert).getByRole('button', { name: 'Copy details' })).toBeInTheDocument();
    expect(await screen.findByText('In sync')).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'Deal number 1' })).toBeInTheDocument();

    aMorning();
    await user.click(within(alert).getByRole('button', { name: 'Try now' }));
    expect(await screen.findByText('48,615,241', { selector: 'ul *' })).toBeInTheDocument();
  });
});

describe('before anything was loaded', () => {
  test('an admin is led to connect', async () => {
    aMorning({ current: UNCONNECTED });
    show('admin');

    expect(
      await screen.findByRole('heading', { name: 'Welcome to Pipeline Pulse' }),
    ).toBeInTheDocument();
    expect(
      screen.getByText(
        'Three steps, about five minutes. Then this page shows what your pipeline is worth and what moved.',
      ),
    ).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'Connect to Zoho' })).toHaveAttribute(
      'href',
      '/crm-sync',
    );
    expect(screen.getByText('10,000 deals take a few seconds')).toBeInTheDocument();
  });

  test('others read who has to connect', async () => {
    aMorning({ current: UNCONNECTED });
    server.use(
      http.get('/api/crm/connection', ({ response }) =>
        response(200).json({ admins: ['Daniel Koh'] } as never),
      ),
    );
    show('editor');

    expect(
      await screen.findByText('An admin has to connect the CRM first: Daniel Koh.'),
    ).toBeInTheDocument();
    expect(screen.queryByRole('link', { name: 'Connect to Zoho' })).toBeNull();
  });

  test('a connected admin is led to the first full sync once all fields are found', async () => {
    aMorning({ current: { ...UNCONNECTED, condition: 'never_synced' } });
    fieldsMissing([]);
    show('admin');

    expect(await screen.findByText('All 23 fields found')).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'Run the first full sync' })).toHaveAttribute(
      'href',
      '/live-sync?action=full',
    );
  });

  test('missing fields come first', async () => {
    aMorning({ current: { ...UNCONNECTED, condition: 'never_synced' } });
    fieldsMissing(['OCH_Revenue', 'Country']);
    show('admin');

    expect(await screen.findByRole('link', { name: 'Check the field map' })).toBeInTheDocument();
    expect(screen.queryByRole('link', { name: 'Run the first full sync' })).toBeNull();
  });
});

function rowsOfFeed(): (string | null)[] {
  return screen
    .getAllByRole('listitem')
    .filter((item) => item.querySelector('time') !== null)
    .map((item) => item.lastElementChild?.textContent ?? null);
}

/** What is old is asked again when the reader comes back to the page. */
function lookAwayAndBack(): void {
  vi.setSystemTime(NOW.getTime() + 31_000);
  window.dispatchEvent(new Event('visibilitychange'));
}

function fieldsMissing(missing: string[]): void {
  server.use(
    http.get('/api/crm/fields/metadata', ({ response }) =>
      response(200).json({
        required_fields_status: {
          available: [],
          missing,
          validation_passed: missing.length === 0,
        },
      } as never),
    ),
  );
}
