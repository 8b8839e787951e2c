import { defineConfig } from '@playwright/test';
import tests from './playwright.config';

/** `make screenshots`: every page in light and dark, desktop and phone, into `screenshots/`. */
export default defineConfig({
  ...tests,
  testDir: 'e2e/pictures',
  testMatch: '*.shots.ts',
  timeout: 300_000,
});
