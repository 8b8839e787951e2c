/** A Monday morning: what moved, why, who needs me; an edit that the figures follow; review; export. */
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import type { Crm, Deal } from './support/crm';
import { isSettled } from './support/pages.mjs';
import { expect, test } from './support/test';

test.setTimeout(180_000);

const RAISED_BY = 7_000;
const NUMBERS = 'Numbers of the pipeline';

type Numbers = { value: { now: number } };

/** `63,451,631` of what a number shows. */
const figureIn = (text: string): number =>
  Number((/-?[\d,]+(\.\d+)?/.exec(text)?.[0] ?? 'NaN').replaceAll(',', ''));

const numberOf = async (page: Page, list: string, label: string): Promise<number> => {
  const line = page
    .getByRole('list', { name: list })
    .getByRole('listitem')
    .filter({ hasText: label });
  return figureIn(await line.getByRole('link').first().innerText());
};

const quarterOf = (day: string): string =>
  `${day.slice(0, 4)}-Q${Math.ceil(Number(day.slice(5, 7)) / 3)}`;

/** Returns a deal in the base currency that the Dashboard's first look is about. */
async function presalesDeal(crm: Crm): Promise<Deal> {
  const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
  const deals = await crm.deals();
  const found = deals.find(
    (deal) =>
      deal['Currency'] === 'SGD' &&
      Number(deal.Amount) > 0 &&
      Number(deal['Probability']) >= 40 &&
      Number(deal['Probability']) <= 70 &&
      !/^Closed/.test(deal.Stage) &&
      quarterOf(String(deal['Closing_Date'])) === quarterOf(today),
  );
  if (found === undefined) throw new Error('no open deal in SGD closes in this quarter');
  return found;
}

test('a Monday morning, from the first look to the export', async ({ page, crm }) => {
  const deal = await presalesDeal(crm);
  const country = String(deal['Country']);
  const owner = (deal['Owner'] as { name: string }).name;

  await test.step('open: one line says what is the case, five numbers say how much', async () => {
    await page.goto('/');
    await isSettled(page);
    await expect(page.getByRole('main')).toContainText(
      /pipeline .*(needs? you|Nothing needs you)/i,
    );
    const numbers = page.getByRole('list', { name: 'What the pipeline is worth' });
    await expect(numbers.getByRole('listitem')).toHaveCount(5);
    expect(await numberOf(page, 'What the pipeline is worth', 'Pipeline value')).toBeGreaterThan(0);
  });

  await test.step('filter: the same figures, of one country', async () => {
    await page.getByRole('link', { name: /^Open in Analysis/ }).click();
    await expect(page).toHaveURL(/closing=current_quarter&probability=presales&outcome=open/);
    await isSettled(page);
    await page.getByRole('button', { name: 'Filter' }).click();
    await page.getByRole('option', { name: 'Country' }).click();
    await page.getByRole('checkbox', { name: country }).click();
    await page.keyboard.press('Escape');
    await expect(page).toHaveURL((url) => url.searchParams.get('country') === country);
  });

  const search = new URL(page.url()).search;
  const answer = await page.request.get(`/api/analysis/numbers${search}`);
  const before = Math.round(((await answer.json()) as Numbers).value.now);
  // The old figures stay until the new ones are there.
  await expect.poll(() => numberOf(page, NUMBERS, 'Pipeline value')).toBe(before);

  await test.step('drill: from the country by its people to the deal', async () => {
    const pivot = page.getByRole('table', { name: 'By country' });
    await pivot.getByRole('button', { name: country }).click();
    await pivot.locator('tr[data-depth="1"]').getByRole('button', { name: owner }).click();
    await pivot.getByRole('link', { name: deal.Deal_Name }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(deal.Deal_Name);
  });

  await test.step('edit: the deal is worth more, and the figures follow by themselves', async () => {
    await isSettled(page);
    await page.getByRole('button', { name: 'Edit Amount' }).click();
    await page
      .getByRole('textbox', { name: 'Amount' })
      .fill(String(Number(deal.Amount) + RAISED_BY));
    await page.keyboard.press('Enter');
    await expect
      .poll(async () => (await crm.deal(deal.id)).Amount, { timeout: 30_000 })
      .toBe(Number(deal.Amount) + RAISED_BY);
    await page.goBack();
    await expect(page).toHaveURL(/\/analysis/);
    await expect.poll(() => numberOf(page, NUMBERS, 'Pipeline value')).toBe(before + RAISED_BY);
  });

  await test.step('compare: the movement names the edit, and adds up', async () => {
    const movement = page.getByRole('region', { name: 'Movement' });
    await movement.getByRole('button', { name: 'Show as table' }).click();
    const row = (name: string) => movement.getByRole('row', { name: new RegExp(`^${name}`) });
    await expect(row('Increased')).toContainText('+');
    const told = await movement.locator('tbody tr td:last-child').allInnerTexts();
    const [start = NaN, ...moved] = told.map((text) => figureIn(text.replace('−', '-')));
    const end = moved.pop() ?? NaN;
    expect(start + moved.reduce((sum, each) => sum + each, 0)).toBeCloseTo(end, 2);
    expect(end).toBeCloseTo(before + RAISED_BY, -1);
    await row('Increased').getByRole('button').click();
    const drawer = page.getByRole('dialog', { name: /^Increased/ });
    await expect(drawer).toContainText(deal.Deal_Name);
    await page.keyboard.press('Escape');
    await expect(drawer).toBeHidden();
  });

  await test.step('export: the file holds the deals that the page shows', async () => {
    const download = page.waitForEvent('download', { timeout: 60_000 });
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    await page
      .getByRole('dialog', { name: 'Export' })
      .getByRole('button', { name: /^CSV(?! with)/ })
      .first()
      .click();
    const text = readFileSync(await (await download).path(), 'utf8');
    expect(text).toContain(deal.Deal_Name);
    expect(text).toContain(String(Number(deal.Amount) + RAISED_BY));
  });

  await test.step('review: the week, with something to do that is then done', async () => {
    const action = `Call about ${deal.id}, ${Date.now()}`;
    await page.goto('/o2r/review');
    await isSettled(page);
    const actions = page.getByRole('region', { name: 'Action items' });
    await actions.getByRole('button', { name: 'Add' }).click();
    await page.getByRole('textbox', { name: 'What is to be done' }).fill(action);
    await page.getByRole('button', { name: 'Add action item' }).click();
    await actions.getByRole('checkbox', { name: action }).click();
    await expect(actions.getByRole('checkbox', { name: action })).toBeChecked();
    await page.reload();
    await expect(
      page.getByRole('region', { name: 'Action items' }).getByRole('checkbox', { name: action }),
    ).toBeChecked();
  });
});
