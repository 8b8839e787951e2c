/** Every figure of the week against last week's, as a statement. */
import { Link } from 'react-router';
import { Section } from '@/components/page/section';
import { RowsTable } from '@/components/rows-table/rows-table';
import { formatAmount, formatDay, formatWhole, NONE, symbolOf } from '@/lib/format';
import { useNow } from '@/lib/now';
import type { Group, ReviewFigure, WeeklyReview } from '../api/queries';
import { GROUP_MEANING, GROUP_TITLE } from '../lib/words';
import { Change } from './numbers';
import classes from './tables.module.css';

type Line = {
  group: Group;
  figure: (figures: WeeklyReview['figures']) => ReviewFigure;
  isMoreGood?: boolean;
};

const LINES: readonly Line[] = [
  { group: 'open', figure: ({ open }) => open },
  { group: 'created', figure: ({ created }) => created },
  { group: 'won', figure: ({ won }) => won, isMoreGood: true },
  { group: 'lost', figure: ({ lost }) => lost, isMoreGood: false },
  { group: 'updated', figure: ({ updated }) => updated, isMoreGood: true },
  { group: 'blocked', figure: ({ blocked }) => blocked, isMoreGood: false },
  { group: 'overdue', figure: ({ overdue }) => overdue, isMoreGood: false },
  { group: 'realised', figure: ({ realised }) => realised, isMoreGood: true },
  { group: 'at_risk', figure: ({ at_risk }) => at_risk, isMoreGood: false },
];

type TotalsProps = { review: WeeklyReview; linkTo: (group: Group) => string };

export function Totals({ review, linkTo }: TotalsProps) {
  const { figures, basis, week } = review;
  const now = useNow('minute');
  const base = basis.base_currency;
  const money = (amount: number | null): string =>
    amount === null ? NONE : formatAmount(amount, base);
  const whole = (count: number | null): string => (count === null ? NONE : formatWhole(count));
  const isAlone = figures.open.deals_then === null;
  return (
    <Section
      title="Against last week"
      hint={
        isAlone
          ? 'History has no week before this one'
          : week.previous !== null && `the week of ${formatDay(week.previous, now)}`
      }
    >
      <div className={classes.scroll}>
        <RowsTable label="The week against last week" className={classes.totals}>
          <thead>
            <tr>
              <th scope="col">Figure</th>
              <th scope="col" data-number>
                Deals
              </th>
              <th scope="col" data-number className={classes.then}>
                Last week
              </th>
              <th scope="col" data-number>
                Change
              </th>
              <th scope="col" data-number>
                {symbolOf(base)}
              </th>
              <th scope="col" data-number className={classes.then}>
                Last week
              </th>
              <th scope="col" data-number className={classes.then}>
                Change
              </th>
            </tr>
          </thead>
          <tbody>
            {LINES.map(({ group, figure, isMoreGood }) => {
              const {
                deals,
                value,
                deals_then: dealsThen,
                value_then: valueThen,
              } = figure(figures);
              const tone = isMoreGood === undefined ? {} : { isMoreGood };
              return (
                <tr key={group}>
                  <th scope="row" title={GROUP_MEANING[group]}>
                    <Link to={linkTo(group)}>{GROUP_TITLE[group]}</Link>
                  </th>
                  <td data-number>{whole(deals)}</td>
                  <td data-number className={classes.then}>
                    {whole(dealsThen)}
                  </td>
                  <td data-number>
                    <Change now={deals} then={dealsThen} {...tone} />
                  </td>
                  <td data-number className={classes.value}>
                    {money(value)}
                  </td>
                  <td data-number className={classes.then}>
                    {money(valueThen)}
                  </td>
                  <td data-number className={classes.then}>
                    <Change now={value} then={valueThen} {...tone} />
                  </td>
                </tr>
              );
            })}
          </tbody>
        </RowsTable>
      </div>
    </Section>
  );
}
