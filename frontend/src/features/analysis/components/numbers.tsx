/** The five numbers of the deals that are meant, each against the earlier moment. */
import { useQuery } from '@tanstack/react-query';
import { Sparkline } from '@/components/charts/sparkline';
import { Delta } from '@/components/delta/delta';
import { DataAge } from '@/components/key-numbers/data-age';
import { KeyNumber, KeyNumbers } from '@/components/key-numbers/key-numbers';
import { MissingRateMark, MissingRates } from '@/components/missing-rates/missing-rates';
import { counted, formatNumber, formatWhen, NONE, symbolOf } from '@/lib/format';
import { useNow } from '@/lib/now';
import { pricedWords } from '@/lib/rates-words';
import { currentStatusQuery } from '@/lib/queries/sync-state';
import type { Hue } from '@/theme/palette';
import type { Numbers as Found, Trend } from '@/lib/queries/pipeline';
import { dealsAddress } from '@/lib/pipeline-address';
import classes from './numbers.module.css';

type Key = 'value' | 'deals' | 'average_size' | 'average_probability' | 'weighted';

type Kind = {
  key: Key;
  label: string;
  hue?: Hue;
  isMoney: boolean;
  /** Places that are shown. */
  digits: number;
  about: string;
};

const KINDS: readonly Kind[] = [
  {
    key: 'value',
    label: 'Pipeline value',
    hue: 'blue',
    isMoney: true,
    digits: 0,
    about: 'What the deals that are meant are worth together.',
  },
  {
    key: 'deals',
    label: 'Qualified deals',
    isMoney: false,
    digits: 0,
    about: 'All deals that fulfil the filters, with a value or without.',
  },
  {
    key: 'average_size',
    label: 'Average deal size',
    isMoney: true,
    digits: 0,
    about: 'Pipeline value by the number of deals that have a value.',
  },
  {
    key: 'average_probability',
    label: 'Average probability',
    isMoney: false,
    digits: 1,
    about: 'Mean of the probabilities that deals have.',
  },
  {
    key: 'weighted',
    label: 'Weighted pipeline',
    hue: 'purple',
    isMoney: true,
    digits: 0,
    about: 'Value of each deal by its probability, added up.',
  },
];

const LABEL = 'Numbers of the pipeline';

type NumbersProps = { numbers: Found; trend: Trend | undefined; params: URLSearchParams };

export function Numbers({ numbers, trend, params }: NumbersProps) {
  const now = useNow('minute');
  const { data: current } = useQuery(currentStatusQuery);
  const { basis, comparison } = numbers;
  const to = dealsAddress(params);
  const priced = pricedWords(basis, now);
  const moment = basis.is_past ? ` As of ${formatWhen(new Date(basis.as_of), now)}.` : '';
  const cut =
    comparison.is_cut && comparison.compared_with !== null
      ? formatWhen(new Date(comparison.compared_with), now)
      : undefined;
  return (
    <>
      <KeyNumbers label={LABEL}>
        {KINDS.map((kind) => {
          const { key, label, hue, isMoney, digits, about } = kind;
          const { now: figure, absolute, relative } = numbers[key];
          const isPercent = key === 'average_probability';
          const isKnown = figure !== null;
          return (
            <KeyNumber
              key={key}
              label={label}
              {...(hue && { hue })}
              {...(isMoney && isKnown && { unit: symbolOf(basis.base_currency) })}
              value={isKnown ? formatNumber(figure, digits) : NONE}
              of={
                isPercent && isKnown ? (
                  '%'
                ) : isMoney ? (
                  <MissingRateMark missing={basis.without_rate} />
                ) : undefined
              }
              spark={trend && <Spark kind={kind} trend={trend} />}
              to={to}
              fact={
                <DataAge current={basis.is_past ? undefined : current} now={now}>
                  {absolute !== null && (
                    <Delta
                      difference={{ absolute, relative }}
                      digits={digits}
                      {...(isPercent && { unit: 'pt' })}
                      {...(key === 'value' && cut !== undefined && { since: cut })}
                    />
                  )}
                </DataAge>
              }
              about={`${about}${isMoney ? ` ${priced}` : ''}${moment}`}
            />
          );
        })}
      </KeyNumbers>
      <p className={classes.missing}>
        <MissingRates
          missing={basis.without_rate}
          to={(currency) => dealsAddress(params, { currency })}
        />
      </p>
      {comparison.missing_because !== null && (
        <p className={classes.uncompared}>Not compared. {comparison.missing_because}</p>
      )}
    </>
  );
}

function Spark({ kind, trend }: { kind: Kind; trend: Trend }) {
  const points = trend.points.map((point) => point[kind.key]);
  const known = points.filter((point) => point !== null);
  const [first, last] = [known[0], known.at(-1)];
  if (first === undefined || last === undefined) return null;
  const word = (figure: number): string => formatNumber(figure, kind.digits);
  return (
    <Sparkline
      points={points}
      {...(kind.hue && { hue: kind.hue })}
      label={`${kind.label}, ${counted(known.length, 'point')}: from ${word(first)} to ${word(last)}`}
    />
  );
}

/** The strip before its numbers are known. */
export function EmptyNumbers() {
  return (
    <KeyNumbers label={LABEL}>
      {KINDS.map(({ key, label, hue }) => (
        <KeyNumber key={key} label={label} value={NONE} isLoading {...(hue && { hue })} />
      ))}
    </KeyNumbers>
  );
}
