/** Parts of the product go away, one at a time: open pages say so, stay readable, and recover. */
import type { BrowserContext, Page } from '@playwright/test';
import { killApi, stopWorker, takeDatabaseAway } from './support/outage';
import { isSettled } from './support/pages.mjs';
import { expect, test } from './support/test';

const PATHS = ['/', '/deals', '/live-sync', '/sync-status', '/crm-sync'];
const RECOVERY_MS = 60_000;

test.use({
  role: 'editor',
  // The browser logs each request that fails; the pages tell it to people.
  expectedErrors: [/Failed to load resource/],
});
test.setTimeout(180_000);

async function opened(context: BrowserContext): Promise<Page[]> {
  const pages: Page[] = [];
  for (const path of PATHS) {
    const page = await context.newPage();
    await page.goto(path);
    await isSettled(page);
    pages.push(page);
  }
  return pages;
}

/** The note on top of a page; the log of a run may hold the same words. */
const noteOf = (page: Page, words: string) => page.getByRole('status').filter({ hasText: words });

const headingOf = (page: Page): Promise<string> => page.locator('h1').innerText();

test('without the API every open page says that it is away, stays readable and recovers', async ({
  context,
  facts,
}) => {
  const pages = await opened(context);
  const headings = await Promise.all(pages.map(headingOf));
  killApi(facts);
  for (const page of pages) {
    await expect(page.getByText('No connection to Pipeline Pulse.')).toBeVisible();
  }
  expect(await Promise.all(pages.map(headingOf))).toEqual(headings);
  for (const page of pages) {
    await expect(page.getByText('No connection to Pipeline Pulse.')).toBeHidden({
      timeout: RECOVERY_MS,
    });
    await expect(page.getByRole('link', { name: /^In sync/ })).toBeVisible();
  }
});

test('without the database a page says what is wrong and what to do, and recovers', async ({
  context,
  facts,
}) => {
  const pages = await opened(context);
  const bringBack = takeDatabaseAway(facts);
  try {
    for (const page of pages) {
      await expect(page.getByText(/PostgreSQL cannot be reached|No connection/)).toBeVisible({
        timeout: RECOVERY_MS,
      });
    }
    // One that is opened now says so too.
    const late = await context.newPage();
    await late.goto('/deals');
    await expect(late.getByRole('alert')).toContainText('PostgreSQL cannot be reached.');
    pages.push(late);
  } finally {
    bringBack();
  }
  for (const page of pages) {
    await expect(page.getByRole('link', { name: /^In sync/ })).toBeVisible({
      timeout: RECOVERY_MS,
    });
    await expect(page.getByRole('alert')).toHaveCount(0, { timeout: RECOVERY_MS });
  }
});

test('without a worker every open page says so, a sync waits, and runs once one is back', async ({
  context,
  facts,
}) => {
  const pages = await opened(context);
  const [, , page] = pages;
  if (page === undefined) throw new Error('Live Sync Control is one of the pages');
  const goOn = stopWorker(facts);
  try {
    // It counts as gone when it has not been heard of for half a minute.
    for (const each of pages) {
      await expect(noteOf(each, 'No worker is alive')).toBeVisible({ timeout: RECOVERY_MS });
    }
    await page.getByRole('button', { name: 'Quick Sync' }).click();
    await expect(page.getByText('A quick sync waits for a worker.')).toBeVisible();
  } finally {
    goOn();
  }
  await expect(page.getByRole('heading', { name: 'Quick sync of Deals completed' })).toBeVisible({
    timeout: RECOVERY_MS,
  });
  for (const each of pages) {
    await expect(noteOf(each, 'No worker is alive')).toBeHidden({ timeout: RECOVERY_MS });
  }
});

test('without the CRM a sync fails in plain words on every page, and the next one mends it', async ({
  context,
  crm,
}) => {
  const pages = await opened(context);
  const [, , liveSync] = pages;
  if (liveSync === undefined) throw new Error('Live Sync Control is one of the pages');
  await crm.breaks({ kind: 'drop' });
  await liveSync.getByRole('button', { name: 'Quick Sync' }).click();
  for (const page of pages) {
    await expect(page.getByText(/Syncs have failed since/)).toBeVisible({ timeout: 120_000 });
    await expect(page.getByRole('link', { name: /^Sync failing/ })).toBeVisible();
  }
  await crm.heals();
  await liveSync.getByRole('button', { name: 'Quick Sync' }).click();
  for (const page of pages) {
    await expect(page.getByText(/Syncs have failed since/)).toBeHidden({ timeout: RECOVERY_MS });
    await expect(page.getByRole('link', { name: /^In sync/ })).toBeVisible();
  }
});
