/** The stages of the sales process with the days that the deal spent in each. */
import { Tooltip } from '@mantine/core';
import { counted, formatWhole } from '@/lib/format';
import type { Deal } from '../api/deal';
import classes from './stage-bar.module.css';

type Stage = Deal['path']['stages'][number];

/** What a bar means, in words: colour alone says nothing. */
function meaning({ state, days, is_at_least }: Stage): string {
  const time = days === null ? '' : `: ${is_at_least ? 'at least ' : ''}${counted(days, 'day')}`;
  switch (state) {
    case 'current':
      return `The deal is here${time}`;
    case 'passed':
      return `Passed${time}`;
    case 'ahead':
      return 'After the present one in the CRM’s order';
    case 'skipped':
      return 'The deal never was in this stage';
    case 'unknown':
      return 'Before the known history';
  }
}

export function StageBar({ deal }: { deal: Deal }) {
  const { stages } = deal.path;
  if (stages.length === 0) return null;
  return (
    <ol className={classes.stages} aria-label="Stages">
      {stages.map((stage) => (
        <li
          key={stage.stage}
          className={classes.stage}
          data-state={stage.state}
          data-outcome={stage.state === 'current' ? deal.outcome : undefined}
          aria-current={stage.state === 'current' ? 'step' : undefined}
        >
          <Tooltip label={`${stage.label}. ${meaning(stage)}`}>
            <span className={classes.inner}>
              <span className={classes.bar} aria-hidden />
              <span className={classes.words}>
                <span className={classes.name}>{stage.label}</span>
                {stage.days !== null && (
                  <span className={classes.days}>
                    {stage.is_at_least && '≥ '}
                    {formatWhole(stage.days)} d
                  </span>
                )}
              </span>
            </span>
          </Tooltip>
        </li>
      ))}
    </ol>
  );
}
