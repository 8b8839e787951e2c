/** What moved between two moments as a waterfall; a bar opens its deals and the reasons. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { unitOf, unitWords } from '@/components/charts/scale';
import { stepsOf, type WaterfallBar } from '@/components/charts/steps';
import { Waterfall, WaterfallLegend } from '@/components/charts/waterfall';
import { Section } from '@/components/page/section';
import { NothingHere, QueryPanel } from '@/components/panel/query-panel';
import { counted, formatWhen } from '@/lib/format';
import { useNow } from '@/lib/now';
import {
  type Bucket,
  type Movement,
  type MovementAsked,
  movementQuery,
} from '@/lib/queries/movement';
import { barsOf, END, START, totalAddress } from './bars';
import { MovedDrawer } from './moved-drawer';
import { MOVEMENT_HEIGHT, MovementSkeleton } from './movement-skeleton';

type MovementPanelProps = MovementAsked & {
  title: string;
  /** At the right of the title, in place of the legend. */
  action?: React.ReactNode;
};

export function MovementPanel({ title, action, ...asked }: MovementPanelProps) {
  const query = useQuery(movementQuery(asked));
  const now = useNow('minute');
  return (
    <Section
      title={title}
      hint={query.data && hintOf(query.data, now)}
      action={action ?? <WaterfallLegend />}
    >
      <QueryPanel
        query={query}
        failed="The movement could not be computed"
        minHeight={MOVEMENT_HEIGHT}
        skeleton={<MovementSkeleton />}
      >
        {(movement) => <Shown movement={movement} asked={asked} now={now} />}
      </QueryPanel>
    </Section>
  );
}

type ShownProps = { movement: Movement; asked: MovementAsked; now: Date };

function Shown({ movement, asked, now }: ShownProps) {
  const navigate = useNavigate();
  const [opened, open] = useState<Bucket | null>(null);
  const { basis, buckets, comparison, pending } = movement;
  if (comparison.missing_because !== null) {
    return <NothingHere>{comparison.missing_because}</NothingHere>;
  }
  const onOpen = ({ key }: WaterfallBar): void => {
    const bucket = buckets.find((each) => each.bucket === key);
    if (bucket !== undefined) open(bucket.bucket);
    else if (key === START || key === END) void navigate(totalAddress(movement, asked, key));
  };
  return (
    <>
      <Waterfall
        bars={barsOf(movement, now)}
        currency={basis.base_currency}
        onOpen={onOpen}
        {...(pending !== null &&
          pending > 0 && {
            note: `${counted(pending, 'deal')} with local edits that the CRM has not taken yet`,
          })}
      />
      <MovedDrawer
        movement={movement}
        asked={asked}
        bucket={opened}
        onClose={() => {
          open(null);
        }}
      />
    </>
  );
}

/** `S$ million, 10 Aug, 08:00 to now`. */
function hintOf(movement: Movement, now: Date): string | undefined {
  const { basis, comparison } = movement;
  if (comparison.compared_with === null) return undefined;
  const levels = stepsOf(barsOf(movement, now)).flatMap(({ from, to }) => [from, to]);
  const end = basis.is_past ? formatWhen(new Date(basis.as_of), now) : 'now';
  const start = formatWhen(new Date(comparison.compared_with), now);
  const cut = comparison.is_cut ? ', where history begins' : '';
  return `${unitWords(unitOf(levels), basis.base_currency)}, ${start}${cut} to ${end}`;
}
