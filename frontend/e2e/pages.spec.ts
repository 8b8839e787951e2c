/** What holds for every page: it can be used by everybody, fits its window, and says what it is. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { isSettled } from './support/pages.mjs';
import { PLACES } from './support/places';
import { expect, test } from './support/test';

const SERIOUS = new Set(['serious', 'critical']);
const SCHEME = 'data-mantine-color-scheme';

async function seriousFindings(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    // What passes is not told element by element: nobody reads it.
    .options({ resultTypes: ['violations'] })
    .analyze();
  return violations
    .filter(({ impact }) => SERIOUS.has(impact ?? ''))
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n  ')}`);
}

for (const place of PLACES) {
  test.describe(place.name, () => {
    test.use({ role: place.as });

    test('has no serious accessibility finding in light and dark, one heading and a title', async ({
      page,
      crm,
    }) => {
      await page.goto(await place.path(crm));
      await isSettled(page);
      await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
      await expect(page).toHaveTitle(/Pipeline Pulse/);
      for (const colorScheme of ['light', 'dark'] as const) {
        await test.step(`in ${colorScheme}`, async () => {
          await page.emulateMedia({ colorScheme });
          await expect(page.locator('html')).toHaveAttribute(SCHEME, colorScheme);
          await isSettled(page);
          expect(await seriousFindings(page)).toEqual([]);
        });
      }
    });

    test.describe('on a phone', () => {
      test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

      test('nothing scrolls sideways', async ({ page, crm }) => {
        await page.goto(await place.path(crm));
        await isSettled(page);
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect(overflow).toBe(0);
      });
    });
  });
}
