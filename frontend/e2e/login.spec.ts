import { expect, test } from './support/test';

test.use({ role: null });

for (const role of ['viewer', 'editor', 'admin'] as const) {
  test(`${role} logs in by form and lands on the page that was asked for`, async ({
    page,
    userOf,
  }) => {
    const user = userOf(role);
    await page.goto('/live-sync');
    await expect(page).toHaveURL(/\/login\?next=/);
    await page.getByLabel('E-mail').fill(user.email);
    await page.getByLabel('Password', { exact: true }).fill(user.password);
    await page.getByRole('button', { name: 'Log in' }).click();
    await expect(page).toHaveURL('/live-sync');
    await expect(page.getByRole('heading', { level: 1, name: 'Live Sync Control' })).toBeVisible();

    const administration = page
      .getByRole('navigation', { name: 'Pages' })
      .getByRole('link', { name: 'Administration' });
    await expect(administration).toHaveCount(role === 'admin' ? 1 : 0);
  });
}

test.describe('with a wrong password', () => {
  test.use({ expectedErrors: [/status of 401 .*\/api\/auth\/login/] });

  test('says how many tries are left, and keeps the e-mail', async ({ page, userOf }) => {
    await page.goto('/login');
    await page.getByLabel('E-mail').fill(userOf('viewer').email);
    await page.getByLabel('Password', { exact: true }).fill('not the password');
    await page.getByRole('button', { name: 'Log in' }).click();
    await expect(page.getByRole('alert')).toHaveText(
      /^E-mail or password is wrong\. \d tries left\.$/,
    );
    await expect(page.getByLabel('E-mail')).toHaveValue(userOf('viewer').email);
  });
});

test('whoever logs out is out, also by the back button', async ({ page, userOf }) => {
  const user = userOf('viewer');
  await page.goto('/login');
  await page.getByLabel('E-mail').fill(user.email);
  await page.getByLabel('Password', { exact: true }).fill(user.password);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.getByRole('button', { name: /^Account of / }).click();
  await page.getByRole('menuitem', { name: 'Log out' }).click();
  await expect(page).toHaveURL(/\/login/);
  await page.goBack();
  await expect(page).toHaveURL(/\/login/);
  const cookies = await page.context().cookies();
  expect(cookies.map(({ name }) => name)).not.toContain('pulse_session');
});
