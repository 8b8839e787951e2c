/** The Dashboard on the whole product: which pipeline, what stands behind each figure, on a phone. */
import type { Page } from '@playwright/test';
import { isSettled } from './support/pages.mjs';
import { expect, test } from './support/test';

const ALL_OPEN = '/?closing=all&probability=all&outcome=open';

const strip = (page: Page) => page.getByRole('list', { name: 'What the pipeline is worth' });
const cell = (page: Page, label: string) =>
  strip(page).getByRole('listitem').filter({ hasText: label });

test('opens with the analysis page’s limits in its address, and leads there with them', async ({
  page,
}) => {
  await page.goto('/');
  await expect(page).toHaveURL(/closing=current_quarter&probability=presales&outcome=open$/);
  await expect(page.getByRole('button', { name: /^Closing Q[1-4] 20\d\d$/ })).toBeVisible();
  await page.getByRole('link', { name: 'Open in Analysis →' }).click();
  await expect(page).toHaveURL(
    /\/analysis\?closing=current_quarter&probability=presales&outcome=open$/,
  );
  await expect(page.getByRole('heading', { level: 1, name: 'Analysis' })).toBeVisible();
});

test('a number, a stage and a month open exactly the deals behind them', async ({ page }) => {
  await page.goto(ALL_OPEN);
  await isSettled(page);
  const deals = await cell(page, 'Qualified deals').getByRole('link').innerText();
  const total = page.getByRole('table', { name: 'Pipeline by stage' }).getByRole('row').last();
  await expect(total).toContainText(deals);

  await cell(page, 'Qualified deals').getByRole('link').click();
  await expect(page.getByText(new RegExp(`^${deals} of `))).toBeVisible();
  await page.goBack();

  const stage = page.getByRole('table', { name: 'Pipeline by stage' }).getByRole('row').nth(1);
  const count = await stage.getByRole('cell').first().innerText();
  await stage.getByRole('link').click();
  await expect(page.getByText(new RegExp(`^${count} of `))).toBeVisible();
  await page.goBack();

  const month = page.getByRole('button', { name: /, (weighted|realised): [A-Z]{3} / }).first();
  const said = await month.getAttribute('aria-label');
  const expected = /(\d[\d,]*) deals?$/.exec(said ?? '')?.[1] ?? '';
  await month.click();
  const drawer = page.getByRole('dialog', { name: said?.split(':')[0] ?? '' });
  await expect(drawer.getByText(new RegExp(`^${expected} deals?, `))).toBeVisible();
  const first = drawer.getByRole('listitem').first().getByRole('link');
  const name = await first.innerText();
  await first.click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
});

test('the worst deal that needs somebody opens with its signals', async ({ page }) => {
  await page.goto('/');
  const table = page.getByRole('table', { name: 'Deals that need you' });
  const deal = table.getByRole('row').nth(1).getByRole('link');
  const name = await deal.innerText();
  await deal.click();
  await expect(page).toHaveURL(/\/o2r\/opportunities\/\d+$/);
  await expect(page.getByRole('heading', { level: 1 })).toContainText(name);
  await page.goBack();
  await page.getByRole('link', { name: 'All deals that need attention →' }).click();
  await expect(page).toHaveURL(/\/o2r\/opportunities\?attention=true$/);
});

test('another probability is another pipeline, in every panel but those of any phase', async ({
  page,
}) => {
  await page.goto('/?closing=all&probability=presales&outcome=open');
  await isSettled(page);
  const before = await cell(page, 'Qualified deals').getByRole('link').innerText();
  const needs = await page.getByText(/in all phases, worst first/).innerText();
  await page.getByRole('button', { name: /^Probability Presales/ }).click();
  await page.getByRole('checkbox', { name: 'All, 0 to 100 %' }).click();
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(/probability=all/);
  await expect(cell(page, 'Qualified deals').getByRole('link')).not.toHaveText(before);
  await expect(page.getByText(/in all phases, worst first/)).toHaveText(needs);
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

  test('work comes before charts, and nothing scrolls sideways but the chips', async ({ page }) => {
    await page.goto('/');
    await isSettled(page);
    const headings = await page.getByRole('heading', { level: 2 }).allInnerTexts();
    expect(headings.slice(0, 2)).toEqual([
      'Deals that need you',
      expect.stringMatching(/^What moved/),
    ]);
    await expect(strip(page).getByRole('listitem')).toHaveCount(4);
    const wider = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(wider).toBe(0);
    const rows = page.getByRole('table', { name: 'Deals that need you' }).locator('tbody tr');
    await expect(rows).toHaveCount(3);
    await page.getByRole('button', { name: 'Show 3 more' }).tap();
    await expect(rows).toHaveCount(6);
  });
});
