/** Starts the product that all tests share, and stops it after the last. */
import { startStack } from './stack';

// Enough for a list that scrolls and figures that add up; a full sync of them takes a second.
const DEALS = 2_000;

export const FACTS = 'PULSE_E2E_FACTS';

export default async function setUp(): Promise<() => Promise<void>> {
  const { facts, stop } = await startStack({ deals: DEALS, activity: 0 });
  process.env[FACTS] = JSON.stringify(facts);
  return stop;
}
