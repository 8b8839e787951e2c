/** What holds for every page: it can be used by everybody, fits its window, and says what it is. */
import AxeBuilder from '@axe-core/playwright';
import { isSettled } from './support/pages.mjs';
import { PLACES } from './support/places';
import { expect, test } from './support/test';

const SERIOUS = new Set(['serious', 'critical']);

for (const place of PLACES) {
  test.describe(place.name, () => {
    test.use({ role: place.as });

    for (const colorScheme of ['light', 'dark'] as const) {
      test.describe(`in ${colorScheme}`, () => {
        test.use({ colorScheme });

        test('has no serious accessibility finding, one heading and a title', async ({
          page,
          crm,
        }) => {
          await page.goto(await place.path(crm));
          await isSettled(page);
          await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
          await expect(page).toHaveTitle(/Pipeline Pulse/);
          const { violations } = await new AxeBuilder({ page }).analyze();
          const serious = violations
            .filter(({ impact }) => SERIOUS.has(impact ?? ''))
            .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n  ')}`);
          expect(serious).toEqual([]);
        });
      });
    }

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
