import { screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { renderApp } from '@/testing/render';
import { http, server } from '@/testing/server';
import { lastMailWords, scheduleWords, stateWords, whyOf } from './lib/words';
import { aReview } from './testing';
import { MAILING, NOW, REVIEW } from './testing-week';
import WeeklyReviewPage from './weekly-review-page';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
});
afterEach(() => {
  vi.useRealTimers();
});

const show = (role: 'viewer' | 'editor' | 'admin' = 'viewer', at = '/o2r/review') =>
  renderApp(<WeeklyReviewPage />, { role, at });

const region = (name: string): HTMLElement => screen.getByRole('region', { name });

describe('the page', () => {
  test('opens with what came in, what moved and what waits', async () => {
    aReview();
    show();

    const line = await screen.findByText(/of revenue was recognised/);
    expect(line).toHaveTextContent(
      'S$ 742,800 of revenue was recognised. 12 deals won, 3 lost. 23 opportunities got worse, 14 improved. 1 action item is overdue.',
    );
    expect(within(line).getByRole('link', { name: '12 deals won' })).toHaveAttribute(
      'href',
      '/o2r/review?show=won',
    );
  });

  test('tells each number against last week, good or bad', async () => {
    aReview();
    show();

    await screen.findByText(/of revenue was recognised/);
    const numbers = screen.getByRole('list', { name: 'The week in numbers' });
    const cells = within(numbers)
      .getAllByRole('listitem')
      .map((cell) => cell.textContent);
    expect(cells).toEqual([
      'Revenue realisedS$742,800+131,600 · 8 deals',
      'Revenue at riskS$5,918,300+611,200 · 23 deals',
      'Open opportunities2,451+4 · S$ 417,000,000',
      'Closed15as last week · 12 won, 3 lost',
      'Share updated70.0%+2.0 pt · 735 deals not',
    ]);
    expect(within(numbers).getByText(/^\+611,200/)).toHaveAttribute('data-tone', 'false');
    expect(within(numbers).getByText(/^\+131,600/)).toHaveAttribute('data-tone', 'true');

    const rows = within(screen.getByRole('table', { name: 'The week against last week' }))
      .getAllByRole('row')
      .slice(1)
      .map((row) =>
        within(row)
          .getAllByRole('cell')
          .map((cell) => cell.textContent),
      );
    expect(rows[3]).toEqual(['3', '5', '−2', '912,600', '1,801,200', '−888,600']);
  });

  test('lists what got worse with from, to and why, and leads to all of it', async () => {
    aReview();
    show();

    const table = await screen.findByRole('table', { name: 'Got worse' });
    const rows = within(table).getAllByRole('row').slice(1);
    expect(rows.map((row) => row.textContent)).toEqual([
      'Grid analyticsArjun MehtaHealthy 100Blocked 28Security review, 3 d, Proposal out 31 d1,806,000',
      'Metro signallingMei TanHealthy 100At risk 60Proposal out 31 d904,300',
      'id 4003–Healthy 100Watch 84Proposal out 31 d–',
    ]);
    expect(within(region('Got worse')).getByRole('link', { name: 'All 23 →' })).toHaveAttribute(
      'href',
      '/o2r/review?show=worse',
    );
    expect(region('Improved')).toHaveTextContent('No more: PO, no kick-off, 16 d');
    expect(region('Stable')).toHaveTextContent('No opportunity stayed as it was.');
  });

  test('opens the deals behind a figure, and its address says so', async () => {
    const asked = aReview();
    const { user, address } = show();

    await user.click(await screen.findByRole('link', { name: /Mei Tan has the most/ }));
    const drawer = await screen.findByRole('dialog', { name: 'Past closing date' });
    expect(await within(drawer).findByRole('link', { name: 'Metro signalling' })).toHaveAttribute(
      'href',
      '/deals/4002',
    );
    expect(address()).toBe('/o2r/review?show=overdue&owner=22');
    expect(asked.deals).toEqual(['?owner=22&group=overdue&limit=50&offset=0']);
    await user.keyboard('{Escape}');
    await waitFor(() => {
      expect(address()).toBe('/o2r/review');
    });
  });

  test('says how final the week is and what its figures rest on', async () => {
    aReview();
    show();

    expect(await screen.findByText(/^As of Aug 16, midnight/)).toBeVisible();
    const missing = screen.getByText(/^3 deals in LKR have no rate and are not in this total\./);
    expect(within(missing).getByRole('link', { name: 'Show them' })).toHaveAttribute(
      'href',
      '/deals?currency=LKR&as_of=2026-08-16T15%3A59%3A59.999999Z',
    );
    expect(await screen.findByText(/^The review of the last week goes out/)).toHaveTextContent(
      'The review of the last week goes out by mail on Mondays from 08:00 in Asia/Singapore, to 7 people. The review of the week of Aug 10 went to 7 people,',
    );
  });

  test('tells that history cuts a week', async () => {
    const week = { ...REVIEW.week, is_cut: true, previous: null };
    const open = { ...REVIEW.figures.open, deals_then: null, value_then: null };
    aReview({ ...REVIEW, week, figures: { ...REVIEW.figures, open } });
    show();

    expect(await screen.findByText(/History began in this week/)).toBeVisible();
    expect(region('Against last week')).toHaveTextContent('History has no week before this one');
    expect(screen.getByRole('button', { name: 'The week before' })).toBeDisabled();
  });

  test('says why a week cannot be reviewed, and leaves a way out', async () => {
    aReview();
    server.use(
      http.get('/api/review', ({ response }) =>
        response(400).json({
          type: 'urn:pulse:problem:invalid_moment',
          title: 'Invalid input',
          status: 400,
          code: 'invalid_moment',
          detail: 'week: there is no history yet.',
          fix: 'Run a full sync first.',
          errors: null,
        }),
      ),
    );
    show();

    const failure = await screen.findByRole('alert');
    expect(failure).toHaveTextContent('The week could not be reviewed');
    expect(failure).toHaveTextContent('there is no history yet');
  });
});

describe('weeks and territories', () => {
  test('are chosen by buttons and keys, and stand in the address', async () => {
    const asked = aReview();
    const { user, address } = show();

    await user.click(await screen.findByRole('button', { name: 'The week before' }));
    expect(address()).toBe('/o2r/review?week=2026-08-03');
    await user.click(screen.getByRole('button', { name: 'Territory: All territories' }));
    await user.click(await screen.findByRole('menuitem', { name: 'ASEAN' }));
    expect(address()).toBe('/o2r/review?week=2026-08-03&region=ASEAN');
    await waitFor(() => {
      expect(asked.weeks).toEqual(['', '?week=2026-08-03', '?week=2026-08-03&region=ASEAN']);
    });
  });
});

describe('action items', () => {
  test('stand by priority, with what was done and what was added since', async () => {
    aReview();
    show();

    await screen.findByText('Send penetration test report');
    const section = region('Action items');
    expect(within(section).getAllByRole('heading', { level: 3 }).map((each) => each.textContent))
      .toEqual(['High', 'Low', 'Done in the week', 'Added since']); // prettier-ignore
    expect(section).toHaveTextContent('2 open, 1 overdue, 1 done');
    expect(section).toHaveTextContent('Arjun Mehta, 2 d overdue');
    expect(within(section).getByRole('checkbox', { name: 'Book the review room' })).toBeDisabled();
    expect(within(section).queryByRole('button', { name: 'Add' })).toBeNull();
  });

  test('are checked off and added by editors', async () => {
    const asked = aReview();
    const { user } = show('editor');

    await user.click(await screen.findByRole('checkbox', { name: 'Book the review room' }));
    await waitFor(() => {
      expect(asked.actions).toEqual([{ is_done: true }]);
    });
    await user.click(screen.getByRole('button', { name: 'Add' }));
    await user.type(await screen.findByLabelText(/What is to be done/), 'Ask for the PO');
    await user.click(screen.getByRole('button', { name: 'Add action item' }));
    await waitFor(() => {
      expect(asked.actions[1]).toEqual({
        title: 'Ask for the PO',
        priority: 'medium',
        owner_id: null,
        due_on: null,
        deal_id: null,
      });
    });
  });
});

describe('mail', () => {
  test('goes to oneself or to all', async () => {
    const asked = aReview();
    const { user } = show('editor', '/o2r/review?region=ASEAN');

    await user.click(await screen.findByRole('button', { name: 'Send' }));
    const dialog = await screen.findByRole('dialog', { name: 'Send the weekly review' });
    expect(within(dialog).queryByRole('link', { name: 'Change it in Settings' })).toBeNull();
    await user.click(within(dialog).getByRole('radio', { name: 'All recipients, 7 people' }));
    await user.click(within(dialog).getByRole('button', { name: 'Send to 7 people' }));
    expect(await screen.findByText('Review sent to 7 people.')).toBeVisible();
    expect(asked.sent).toEqual([{ to: 'all', week: '2026-08-10', region: 'ASEAN' }]);
  });

  test('without a mail server the page says where to set it, and viewers cannot send', async () => {
    aReview(REVIEW, { is_set_up: false, next_at: null, last: null });
    const { user, unmount } = show('editor');

    await user.click(await screen.findByRole('button', { name: 'Send' }));
    const dialog = await screen.findByRole('dialog', { name: 'Send the weekly review' });
    expect(dialog).toHaveTextContent('PULSE_SMTP_HOST and PULSE_SMTP_FROM');
    expect(within(dialog).queryByRole('radio')).toBeNull();
    unmount();

    aReview();
    show('viewer');
    await screen.findByText(/goes out by mail on Mondays/);
    expect(screen.queryByRole('button', { name: 'Send' })).toBeNull();
  });
});

describe('words', () => {
  test('of the state of a week', () => {
    expect(stateWords({ ...REVIEW.week, state: 'running' }, NOW)).toMatch(/^The week runs/);
    expect(stateWords({ ...REVIEW.week, state: 'settling' }, NOW)).toMatch(/may still move\.$/);
  });

  test('of why a deal stands in its list', () => {
    const [worse] = REVIEW.moves[0]?.items ?? [];
    if (worse === undefined) throw new Error('the week has a deal that got worse');
    expect(whyOf({ ...worse, came: [] })).toBe('Proposal out 31 d');
    expect(whyOf({ ...worse, came: [], brief: null })).toBe('No signal');
  });

  test('of what became of a mailing', () => {
    const { last } = MAILING;
    if (last === null) throw new Error('the mailing has gone out before');
    const told = (more: Partial<typeof last>) =>
      lastMailWords({ ...MAILING, last: { ...last, ...more } }, NOW);
    expect(told({ mailed_at: null })).toBe('The review of the week of Aug 10 is on its way.');
    expect(told({ mailed_at: null, failure: 'Nobody listens.' })).toBe(
      'The review of the week of Aug 10 waits: Nobody listens.',
    );
    expect(told({ taken: 5 })).toMatch(/refused 2 of 7 letters\.$/);
    expect(told({ taken: null })).toBe(
      'The review of the week of Aug 10 is being sent to 7 people.',
    );
    expect(lastMailWords({ ...MAILING, last: null }, NOW)).toBeNull();
    expect(scheduleWords({ ...MAILING, is_on: false })).toBe(
      'The review does not go out by mail by itself.',
    );
  });
});
