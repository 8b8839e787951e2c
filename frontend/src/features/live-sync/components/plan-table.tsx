/** The sources that were weighed: the chosen one first, in bold. */
import { type WeighedWay, WeighedWays } from '@/components/weighed-ways/weighed-ways';
import type { SourceOption } from '../api/queries';
import type { Plan } from '../lib/plan';
import { sourceWords } from '../lib/words';

export function PlanTable({ plan }: { plan: Plan }) {
  return (
    <WeighedWays head="Source" chosen={wayOf(plan.chosen)} rejected={plan.rejected.map(wayOf)} />
  );
}

const wayOf = (option: SourceOption): WeighedWay => ({ ...option, title: sourceWords(option) });
