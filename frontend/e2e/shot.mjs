// @ts-check
/**
 * Takes a picture of one page of a running stack, and prints what the browser complained about:
 *
 *   node e2e/shot.mjs --path /deals --as admin --scheme dark --width 390 --full --out deals.png
 *
 * --url      where the app is (http://127.0.0.1:5173, or $PULSE_URL)
 * --as       role to log in as: admin, editor, viewer; without it nobody is logged in
 * --password of that role ($PULSE_PASSWORD); by default it is read from the demo's file in PULSE_HOME
 * --click    name of a button, link, tab or row to press before the picture; may be repeated
 * --press    keys to press before the picture, such as Control+k; may be repeated, after --click
 * --wait     milliseconds to leave the page alone before the picture
 */
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { BROWSER_ARGUMENTS, browserPath } from './support/browser.mjs';
import { isSettled, logInByApi } from './support/pages.mjs';
import { userOf } from './support/users.mjs';

const { values: asked } = parseArgs({
  options: {
    url: { type: 'string', default: process.env.PULSE_URL ?? 'http://127.0.0.1:5173' },
    path: { type: 'string', default: '/' },
    as: { type: 'string' },
    password: { type: 'string' },
    scheme: { type: 'string', default: 'light' },
    width: { type: 'string', default: '1440' },
    height: { type: 'string' },
    full: { type: 'boolean', default: false },
    out: { type: 'string', default: 'shot.png' },
    click: { type: 'string', multiple: true, default: [] },
    press: { type: 'string', multiple: true, default: [] },
    wait: { type: 'string', default: '0' },
  },
});

const width = Number(asked.width);
const height = Number(asked.height ?? (width < 600 ? 844 : 900));
const password = asked.password ?? process.env.PULSE_PASSWORD;

const browser = await chromium.launch({ executablePath: browserPath(), args: BROWSER_ARGUMENTS });
try {
  const context = await browser.newContext({
    baseURL: asked.url,
    viewport: { width, height },
    deviceScaleFactor: 1,
    colorScheme: asked.scheme === 'dark' ? 'dark' : 'light',
    hasTouch: width < 600,
    locale: 'en-SG',
    timezoneId: 'Asia/Singapore',
  });
  const page = await context.newPage();
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) {
      console.error(`console ${message.type()}: ${message.text()}`);
    }
  });
  page.on('pageerror', (error) => console.error(`page error: ${error.stack ?? error.message}`));
  page.on('response', (answer) => {
    if (answer.status() >= 400) {
      console.error(`${answer.status()} ${answer.request().method()} ${answer.url()}`);
    }
  });
  if (asked.as !== undefined) {
    const user = password ? { email: `${asked.as}@demo.test`, password } : userOf(asked.as);
    await logInByApi(context.request, user);
  }
  await page.goto(asked.path);
  await isSettled(page);
  for (const name of asked.click) {
    await page
      .getByRole('button', { name })
      .or(page.getByRole('link', { name }))
      .or(page.getByRole('tab', { name }))
      .or(page.getByRole('row', { name }))
      .first()
      .click();
    await isSettled(page);
  }
  for (const keys of asked.press) {
    await page.keyboard.press(keys);
    await isSettled(page);
  }
  await page.waitForTimeout(Number(asked.wait));
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  if (overflow > 0) {
    console.error(`the page is ${overflow} px wider than the window`);
  }
  await page.screenshot({ path: asked.out, fullPage: asked.full, animations: 'disabled' });
  console.log(`${asked.out}: ${page.url()}`);
} finally {
  await browser.close();
}
