/** Where a deal stands: four blocks for the open stages, all of them when it is closed, and the name. */
import type { DealRow } from '../api/queries';
import classes from './stage-blocks.module.css';

const BLOCKS = [1, 2, 3, 4];

export function StageBlocks({ stage }: { stage: NonNullable<DealRow['stage']> }) {
  const filled = stage.outcome === 'open' ? (stage.step ?? 0) : stage.outcome === null ? 0 : 4;
  return (
    <>
      <span className={classes.blocks} data-outcome={stage.outcome ?? undefined} aria-hidden>
        {BLOCKS.map((block) => (
          <i key={block} data-on={block <= filled || undefined} />
        ))}
      </span>
      {stage.label}
    </>
  );
}
