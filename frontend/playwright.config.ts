import { defineConfig } from '@playwright/test';
import { BROWSER_ARGUMENTS, findBrowser } from './e2e/support/browser.mjs';

// None found is an error where tests begin, in the global setup, and not where settings are read.
const executablePath = findBrowser();

export default defineConfig({
  testDir: 'e2e',
  // One product is behind all tests; each makes the state that it looks at.
  workers: 1,
  fullyParallel: false,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  globalSetup: './e2e/support/global-setup.ts',
  use: {
    locale: 'en-SG',
    timezoneId: 'Asia/Singapore',
    actionTimeout: 15_000,
    navigationTimeout: 20_000,
    viewport: { width: 1440, height: 900 },
    // A menu that still grows counts as out of sight, and the page would be scrolled to reach it.
    contextOptions: { reducedMotion: 'reduce' },
    // A picture of each frame of every test costs more than the tests that fail are helped by it.
    trace: { mode: 'retain-on-failure', screenshots: false },
    screenshot: 'only-on-failure',
    launchOptions: { ...(executablePath && { executablePath }), args: BROWSER_ARGUMENTS },
  },
});
