// @ts-check
/** What tests and pictures both do with a page of the app. */

/**
 * Logs in as the app's form does; the cookies land in the request's own browser context.
 *
 * @param {import("@playwright/test").APIRequestContext} request
 * @param {{ email: string, password: string }} user
 */
export async function logInByApi(request, { email, password }) {
  const answer = await request.post('/api/auth/login', { data: { email, password } });
  if (!answer.ok()) {
    throw new Error(`Log-in as ${email} was refused: ${answer.status()} ${await answer.text()}`);
  }
}

/**
 * Waits until a page shows its content: fonts are there and no skeleton is left in its main part.
 *
 * Network idleness says nothing here, since the event stream never ends.
 *
 * @param {import("@playwright/test").Page} page
 */
export async function isSettled(page) {
  await page.waitForLoadState('load');
  await page.locator('h1').first().waitFor({ timeout: 15_000 });
  const header = page.locator('header').getByText('Loading…');
  await page
    // Rows of a long table that are still on their way are no rows to a screen reader.
    .locator(
      '[aria-busy=true], .mantine-Skeleton-root[data-visible], [role=rowgroup] > [aria-hidden]',
    )
    .or(header)
    .first()
    .waitFor({ state: 'detached', timeout: 15_000 })
    .catch((error) => {
      if (error.name !== 'TimeoutError') throw error;
      console.error('parts of the page are still loading');
    });
  await page.evaluate(() => document.fonts.ready);
}
