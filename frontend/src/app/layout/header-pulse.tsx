/** The day's pulse in the header: one bar a run. */
import { useQuery } from '@tanstack/react-query';
import { PulseStrip } from '@/components/pulse-strip/pulse-strip';
import { pulseQuery } from '@/lib/queries/pulse';

export function HeaderPulse() {
  const { data } = useQuery(pulseQuery());
  return data && data.total_runs > 0 ? <PulseStrip pulse={data} size="header" /> : null;
}
