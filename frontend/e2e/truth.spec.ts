/** What pages say where little is to be said: one deal, foreign money, no rate, a day without a sync. */
import { execFileSync } from 'node:child_process';
import type { APIRequestContext, Page } from '@playwright/test';
import { isSettled } from './support/pages.mjs';
import { startStack } from './support/stack';
import { expect, test as base } from './support/test';

const PYTHON = new URL('../../backend/.venv/bin/python', import.meta.url).pathname;
const WHOLE = '/analysis?closing=all&probability=all&outcome=open';
const AMOUNT = 1_000;

/** Makes every run of the mirror a day and two hours older than it is. */
const AGE = `
import psycopg, sys
with psycopg.connect(sys.argv[1]) as db:
    db.execute(
        "UPDATE crm_sync_sessions SET started_at = started_at - interval '26 hours',"
        " completed_at = completed_at - interval '26 hours'"
    )
`;

const test = base.extend({
  sharedFacts: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads from the pattern what is needed
    async ({}, use) => {
      const { facts, stop } = await startStack({ deals: 1, activity: 0 });
      await use(facts);
      await stop();
    },
    { scope: 'worker', timeout: 240_000 },
  ],
});

test.use({ role: 'admin' });
// The first test also waits for the product to start.
test.setTimeout(240_000);

const number = (page: Page, label: string) =>
  page
    .getByRole('list', { name: 'Numbers of the pipeline' })
    .getByRole('listitem')
    .filter({ hasText: label });

const ratesOf = async (api: APIRequestContext): Promise<Map<string, number>> => {
  const answer = (await (await api.get('/api/currency/rates')).json()) as {
    items: { currency: string; in_base: string | null }[];
  };
  return new Map(answer.items.map(({ currency, in_base }) => [currency, Number(in_base)]));
};

test('one deal, and that in foreign money, is told in the base currency everywhere', async ({
  page,
  crm,
  api,
}) => {
  const deal = await crm.someDeal();
  await crm.edit(deal.id, {
    Stage: 'Qualification',
    Probability: 50,
    Amount: AMOUNT,
    Currency: 'EUR',
    Closing_Date: new Date(Date.now() + 864e5).toISOString().slice(0, 10),
  });
  await api.post('/api/live-sync/sync/incremental');
  const value = Math.round(AMOUNT * ((await ratesOf(api)).get('EUR') ?? NaN));
  const told = value.toLocaleString('en-SG');

  await page.goto(WHOLE);
  await expect(number(page, 'Pipeline value')).toContainText(told);
  await expect(number(page, 'Qualified deals').getByRole('link')).toHaveText('1');
  await expect(number(page, 'Average deal size')).toContainText(told);
  await expect(page.getByRole('table', { name: 'By country' })).toContainText(told);

  await page.goto('/o2r');
  await expect(page.getByRole('main')).toContainText(`S$ ${told}`);
  await page.goto('/o2r/opportunities');
  await expect(page.getByRole('main')).toContainText(`1 opportunity worth S$ ${told}`);
  await page.goto('/deals');
  await expect(page.getByRole('grid', { name: 'Deals' }).getByRole('row')).toHaveCount(2);
});

test('money without a rate is left out of totals, and said to be', async ({ page, api }) => {
  const base = (code: string) =>
    api.put('/api/settings', { data: { changes: { 'currency.base': code } } });
  // The CRM has no rate for these: nothing can be told in them.
  await base('CHF');
  for (const path of ['/deals', WHOLE, '/o2r', '/']) {
    await page.goto(path);
    await expect(page.getByRole('main')).toContainText(
      /1 deal in EUR has no rate and is not in th(is total|ese totals)\./,
    );
  }
  await base('SGD');
  await page.goto('/deals');
  await expect(page.getByRole('main')).not.toContainText('no rate');
});

test('a day without a sync is told on every page of figures', async ({ page, crm, api, facts }) => {
  await crm.breaks({ kind: 'status', status: 503 });
  await api.post('/api/live-sync/sync/incremental');
  await page.goto('/live-sync');
  await expect(page.getByRole('status').filter({ hasText: 'Sync failing' })).toBeVisible({
    timeout: 120_000,
  });
  execFileSync(PYTHON, ['-c', AGE, facts.database_url]);
  for (const path of ['/', WHOLE, '/o2r', '/o2r/review']) {
    await page.goto(path);
    await isSettled(page);
    await expect(page.getByRole('main')).toContainText(/as of \S+/);
    await expect(page.getByRole('link', { name: /^Sync failing/ })).toBeVisible();
  }
});
