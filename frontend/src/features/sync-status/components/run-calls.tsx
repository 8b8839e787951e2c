/** Calls and credits of a run by kind of call, as our ledger counted them. */
import { Section } from '@/components/page/section';
import { NothingHere } from '@/components/panel/query-panel';
import { formatDuration, formatWhole, NONE } from '@/lib/format';
import type { RunInFull } from '../api/queries';
import { operationName } from '../lib/words';
import classes from './run-drawer.module.css';

export function RunCalls({ uses }: { uses: RunInFull['credit_use'] }) {
  const sum = (figure: 'calls' | 'credits' | 'failures'): number =>
    uses.reduce((total, use) => total + use[figure], 0);
  return (
    <Section title="Calls and credits" hint="by kind of call">
      {uses.length === 0 ? (
        <NothingHere>It made no call.</NothingHere>
      ) : (
        <table className={classes.table} aria-label="Calls and credits">
          <thead>
            <tr>
              {['Call', 'Calls', 'Failed', 'Credits', 'Took, average'].map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {uses.map((use) => (
              <tr key={use.operation}>
                <td>{operationName(use.operation)}</td>
                <td>{formatWhole(use.calls)}</td>
                <td className={use.failures > 0 ? classes.bad : undefined}>
                  {formatWhole(use.failures)}
                </td>
                <td>{formatWhole(use.credits)}</td>
                <td>{use.avg_latency_ms === null ? NONE : latency(use.avg_latency_ms)}</td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <td>Total</td>
              <td>{formatWhole(sum('calls'))}</td>
              <td>{formatWhole(sum('failures'))}</td>
              <td>{formatWhole(sum('credits'))}</td>
              <td />
            </tr>
          </tfoot>
        </table>
      )}
    </Section>
  );
}

const latency = (ms: number): string =>
  ms < 1_000 ? `${formatWhole(ms)} ms` : formatDuration(ms / 1_000);
