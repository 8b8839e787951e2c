/** The first day: a product with no CRM says on every page what is missing and who can help. */
import type { Page } from '@playwright/test';
import { type EmptyStack, startEmptyStack } from './support/empty-stack';
import { isSettled, logInByApi } from './support/pages.mjs';
import { expect, test as base } from './support/test';

const test = base.extend<object, { empty: EmptyStack }>({
  empty: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads from the pattern what is needed
    async ({}, use) => {
      const stack = await startEmptyStack();
      await use(stack);
      await stack.stop();
    },
    { scope: 'worker', timeout: 180_000 },
  ],
  baseURL: async ({ empty }, use) => {
    await use(empty.url);
  },
});

// Nobody is known to a fresh product but its first admin, so all come as strangers.
test.use({ role: null });

const ASK = 'An admin has to connect the CRM first: Ada Admin.';
/** What leads from a page to connecting; the others are `Connect the CRM`. */
const WAYS: Record<string, string> = {
  Dashboard: 'Connect to Zoho',
};
/** Is about people, who are there before any CRM is. */
const OF_PEOPLE = 'Administration';

/** What no page may show while nothing is known: an amount, or what a failed reckoning leaves. */
const INVENTED = /[$€£¥₹]\s?\d|\bNaN\b|\bundefined\b|\bInvalid\b|Infinity/;

async function isHonest(page: Page, name: string): Promise<void> {
  await isSettled(page);
  const main = page.getByRole('main');
  await expect(main.getByRole('heading', { level: 1 })).toHaveCount(1);
  await expect(main.getByRole('alert'), `${name} shows a failure`).toHaveCount(0);
  await expect(
    main.locator('[aria-busy=true], .mantine-Skeleton-root[data-visible]'),
    `${name} still waits`,
  ).toHaveCount(0);
  await expect(main, `${name} invents a figure`).not.toContainText(INVENTED);
}

test('an admin who comes first is led from every page to connecting the CRM', async ({
  page,
  empty,
}) => {
  await page.goto('/');
  await page.getByLabel('E-mail').fill(empty.admin.email);
  await page.getByLabel('Password', { exact: true }).fill(empty.admin.password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await expect(page.getByRole('heading', { name: 'Welcome to Pipeline Pulse' })).toBeVisible();
  const header = page.getByRole('banner').getByRole('status');
  await expect(header.filter({ hasText: 'Not connected' })).toBeVisible();

  const menu = page.getByRole('navigation', { name: 'Pages' });
  const names = await menu.getByRole('link').allInnerTexts();
  expect(names).toHaveLength(12);
  for (const name of names) {
    await menu.getByRole('link', { name, exact: true }).click();
    await isHonest(page, name);
    const main = page.getByRole('main');
    if (name === OF_PEOPLE) continue;
    if (name === 'CRM Integration') {
      await expect(main.getByRole('button', { name: 'Continue to Zoho' })).toBeVisible();
      continue;
    }
    const way = main.getByRole('link', { name: WAYS[name] ?? 'Connect the CRM', exact: true });
    await expect(way, `${name} leads nowhere`).toHaveAttribute('href', '/crm-sync');
  }
});

test('whoever may not connect it is told whom to ask, on every page', async ({
  page,
  context,
  empty,
}) => {
  await logInByApi(context.request, empty.addUser('viewer', 'Vera Viewer'));
  await page.goto('/');
  await isSettled(page);
  const menu = page.getByRole('navigation', { name: 'Pages' });
  const addresses = await menu
    .getByRole('link')
    .evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''));
  expect(addresses).toHaveLength(10);
  for (const address of addresses) {
    // Opened by its address, a page asks for what it shows before anything else is known.
    await page.goto(address);
    await isHonest(page, address);
    await expect(page.getByRole('main').getByText(ASK), `${address} names nobody`).toBeVisible();
    await expect(page.getByRole('main').getByRole('button', { name: /Sync$|^Export/ })).toHaveCount(
      0,
    );
  }
});
