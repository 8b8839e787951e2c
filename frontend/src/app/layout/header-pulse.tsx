/** The day's pulse in the header: one bar a run. */
export function HeaderPulse() {
  return null;
}
