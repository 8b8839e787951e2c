/** Weekly review: the week against the one before, what moved, and what is to be done; prints on A4. */
import { Button, Skeleton } from '@mantine/core';
import { IconPrinter } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { Note } from '@/components/note/note';
import { Page } from '@/components/page/page';
import { Columns } from '@/components/page/section';
import { QueryPanel } from '@/components/panel/query-panel';
import { TerritoryChip } from '@/components/territory-chip/territory-chip';
import { formatWhen } from '@/lib/format';
import { useShortcuts } from '@/lib/keys';
import { useNow } from '@/lib/now';
import { territoryName } from '@/lib/o2r-words';
import { currentStatusQuery } from '@/lib/queries/sync-state';
import { type Group, reviewQuery, type WeeklyReview } from './api/queries';
import { Actions } from './components/actions';
import { BasisLine } from './components/basis-line';
import { GroupDrawer } from './components/group-drawer';
import { Insights } from './components/insights';
import { Line } from './components/line';
import { MoveList } from './components/move-list';
import { EmptyNumbers, Numbers } from './components/numbers';
import { Send } from './components/send';
import { Totals } from './components/totals';
import { WeekChoice } from './components/week-choice';
import { groupIn, showing, withParts } from './lib/address';
import { usePrintsLight } from './lib/prints-light';
import { weekWords } from './lib/words';
import classes from './weekly-review-page.module.css';

const ROWS = 12;

export default function WeeklyReviewPage() {
  const [params, setParams] = useSearchParams();
  const asked = { week: params.get('week'), territory: params.get('region') };
  const query = useQuery(reviewQuery(asked));
  const { data: current } = useQuery(currentStatusQuery);
  const now = useNow('minute');
  const { data: review } = query;
  usePrintsLight();
  const set = (parts: Readonly<Record<string, string | null>>) => {
    setParams((before) => withParts(before, parts));
  };
  const linkTo = (group: Group, owner: string | null = null) => showing(params, group, owner);
  useShortcuts([
    {
      keys: '[',
      does: 'The week before',
      run: () => {
        if (review?.week.previous != null) set({ week: review.week.previous, show: null });
      },
    },
    {
      keys: ']',
      does: 'The week after',
      run: () => {
        if (review?.week.next != null) set({ week: review.week.next, show: null });
      },
    },
  ]);
  return (
    <div className={classes.sheet}>
      <Page
        title="Weekly review"
        lede={
          review ? (
            <Line review={review} linkTo={linkTo} />
          ) : (
            !query.isError && (
              <Skeleton component="span" display="inline-block" h={14} w="min(520px, 90%)" />
            )
          )
        }
        {...(review && {
          beside: (
            <span className={classes.week}>
              {weekWords(review.week)}
              {asked.territory !== null && `, ${territoryName(asked.territory || null)}`}
            </span>
          ),
        })}
        actions={
          <div className={classes.controls}>
            {review && (
              <WeekChoice
                week={review.week}
                onChoose={(week) => {
                  set({ week, show: null, owner: null });
                }}
              />
            )}
            <TerritoryChip
              territory={asked.territory}
              onChoose={(region) => {
                set({ region });
              }}
            />
            {review && <Send week={review.week} territory={asked.territory} />}
            <Button
              leftSection={<IconPrinter size={15} stroke={1.7} aria-hidden />}
              onClick={() => {
                window.print();
              }}
            >
              Print
            </Button>
          </div>
        }
      >
        {review?.week.is_cut === true && (
          <Note kind="info">
            History began in this week, at {formatWhen(new Date(review.week.compared_since), now)}:
            what moved before is not known, and there is no week to compare it with.
          </Note>
        )}
        {review ? (
          <Numbers review={review} current={current} now={now} linkTo={linkTo} />
        ) : (
          <EmptyNumbers isLoading={!query.isError} />
        )}
        <QueryPanel
          query={query}
          failed="The week could not be reviewed"
          minHeight={420}
          skeleton={
            <div aria-hidden>
              {Array.from({ length: ROWS }, (_, row) => (
                <div key={row} className={classes.waiting}>
                  <Skeleton height={12} width={row % 2 === 0 ? '78%' : '64%'} />
                </div>
              ))}
            </div>
          }
        >
          {(found) => <Body review={found} territory={asked.territory} linkTo={linkTo} now={now} />}
        </QueryPanel>
        <GroupDrawer
          asked={asked}
          group={groupIn(params)}
          owner={params.get('owner')}
          currency={review?.basis.base_currency ?? ''}
          onClose={() => {
            set({ show: null, owner: null });
          }}
        />
      </Page>
    </div>
  );
}

type BodyProps = {
  review: WeeklyReview;
  territory: string | null;
  linkTo: (group: Group, owner?: string | null) => string;
  now: Date;
};

function Body({ review, territory, linkTo, now }: BodyProps) {
  return (
    <>
      <Columns>
        <div className={classes.lists}>
          <Totals review={review} linkTo={linkTo} />
          {review.moves.map((list) => (
            <MoveList
              key={list.move}
              list={list}
              currency={review.basis.base_currency}
              linkToAll={linkTo(list.move)}
            />
          ))}
        </div>
        <div className={classes.side}>
          <Insights review={review} territory={territory} linkTo={linkTo} />
          <Actions review={review} />
        </div>
      </Columns>
      <BasisLine review={review} territory={territory} now={now} />
    </>
  );
}
