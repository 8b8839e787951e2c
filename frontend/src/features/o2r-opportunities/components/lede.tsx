/** What is the case with the opportunities that are shown, and how many need a person. */
import { Link } from 'react-router';
import { counted, formatWhole, symbolOf } from '@/lib/format';
import type { OpportunitySummary } from '@/lib/queries/opportunities';

type LedeProps = { summary: OpportunitySummary; params: URLSearchParams };

export function Lede({ summary, params }: LedeProps) {
  const { count, value, base_currency: base, needs_attention: needy } = summary;
  const worth = `${symbolOf(base)} ${formatWhole(value)}`;
  const of = (health: string): number =>
    summary.by_health.find((each) => each.health === health)?.deals ?? 0;
  const parts = [
    [of('blocked'), 'blocked', 'blocked'],
    [of('red'), 'at risk', 'red'],
    [of('yellow'), 'to watch', 'yellow'],
  ] as const;
  if (count === 0) return 'No opportunity matches.';
  return (
    <>
      {params.has('recognised')
        ? counted(count, 'deal')
        : counted(count, 'opportunity', 'opportunities')}{' '}
      worth {worth}.{' '}
      {needy === 0 ? (
        'Nothing here needs you.'
      ) : (
        <>
          <Link to={{ search: withOne(params, 'attention', 'true') }}>
            {formatWhole(needy)} {needy === 1 ? 'needs' : 'need'} a person
          </Link>
          :{' '}
          {parts
            .filter(([deals]) => deals > 0)
            .map(([deals, word, health], at) => (
              <span key={health}>
                {at > 0 && ', '}
                <Link to={{ search: withOne(params, 'health', health) }}>
                  {formatWhole(deals)} {word}
                </Link>
              </span>
            ))}
          .
        </>
      )}
    </>
  );
}

function withOne(params: URLSearchParams, name: string, value: string): string {
  const after = new URLSearchParams(params);
  after.set(name, value);
  return after.toString();
}
