/** Pictures of every page with data, with nothing yet, and with a CRM that refuses us. */
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { Crm } from '../support/crm';
import { startEmptyStack } from '../support/empty-stack';
import { isSettled, logInByApi } from '../support/pages.mjs';
import { PLACES, type Place } from '../support/places';
import { test } from '../support/test';

const FOLDER = new URL('../../screenshots', import.meta.url).pathname;
const WIDTHS = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
];

const fileOf = (place: Place): string => place.name.toLowerCase().replaceAll(' ', '-');

async function picturesOf(page: Page, crm: Crm, place: Place, state: string): Promise<void> {
  const path = await place.path(crm);
  for (const size of WIDTHS) {
    await page.setViewportSize(size);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.goto(path);
      await isSettled(page);
      await page.screenshot({
        path: join(FOLDER, state, `${fileOf(place)}-${colorScheme}-${size.width}.png`),
        fullPage: true,
        animations: 'disabled',
      });
    }
  }
}

for (const place of PLACES) {
  test.describe(place.name, () => {
    test.use({ role: place.as });

    test('with data', async ({ page, crm }) => {
      await picturesOf(page, crm, place, 'data');
    });
  });
}

test('before any CRM is connected', async ({ browser, crm, playwright }) => {
  const stack = await startEmptyStack();
  try {
    const request = await playwright.request.newContext({
      baseURL: stack.url,
      storageState: { cookies: [], origins: [] },
    });
    await logInByApi(request, stack.admin);
    const context = await browser.newContext({
      baseURL: stack.url,
      storageState: await request.storageState(),
    });
    const page = await context.newPage();
    // A deal is nothing that an empty mirror has.
    for (const place of PLACES.filter(({ as, name }) => as !== null && name !== 'Deal')) {
      await picturesOf(page, crm, place, 'empty');
    }
    await context.close();
    await request.dispose();
  } finally {
    await stack.stop();
  }
});

test.describe('while the CRM refuses us', () => {
  test.use({ role: 'admin', expectedErrors: [/status of 5\d\d/] });

  test('every page', async ({ page, crm, api }) => {
    await crm.breaks({ kind: 'status', status: 503 });
    await api.post('/api/live-sync/sync/incremental');
    await page.goto('/live-sync');
    await page
      .getByRole('status')
      .filter({ hasText: 'Sync failing' })
      .waitFor({ timeout: 120_000 });
    for (const place of PLACES.filter(({ as }) => as !== null)) {
      await picturesOf(page, crm, place, 'failing');
    }
  });
});
