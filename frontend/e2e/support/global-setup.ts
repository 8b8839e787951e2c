/**
 * Starts the product that all tests share, and stops it after the last.
 *
 * While tests are written, PULSE_E2E_HOME may name the home of a demo that runs already.
 */
import { browserPath } from './browser.mjs';
import { factsIn, startStack } from './stack';

// Enough for a list that scrolls and figures that add up; a full sync of them takes a second.
const DEALS = 2_000;

export const FACTS = 'PULSE_E2E_FACTS';

export default async function setUp(): Promise<(() => Promise<void>) | undefined> {
  // Says what to do where there is none, before a minute goes into a product that nobody looks at.
  browserPath();
  const running = process.env['PULSE_E2E_HOME'];
  if (running !== undefined) {
    process.env[FACTS] = JSON.stringify(factsIn(running));
    return undefined;
  }
  const { facts, stop } = await startStack({ deals: DEALS, activity: 0 });
  process.env[FACTS] = JSON.stringify(facts);
  return stop;
}
