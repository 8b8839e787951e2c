/** One bar a stage, in the CRM's order: who entered, and what became of them. */
import { formatShare, formatWhole } from '@/lib/format';
import type { Became, StageFigures, Stages } from '../../api/stages';
import { medianWords, PARTS, shownStages, unfinishedWords } from './words';
import classes from './stages.module.css';

type StageRowsProps = {
  stages: Stages;
  /** Opens the deals of a stage: all that entered, or those that became one thing. */
  onOpen: (stage: StageFigures, became: Became | null) => void;
};

export function StageRows({ stages, onOpen }: StageRowsProps) {
  const shown = shownStages(stages);
  const most = Math.max(...shown.map(({ entered }) => entered));
  return (
    <div className={classes.rows}>
      <div className={classes.heads} aria-hidden>
        <span>Stage</span>
        <span>Entered</span>
        <span />
        <span>Go on</span>
        <span>Win</span>
        <span>Median time</span>
      </div>
      <ol className={classes.list}>
        {shown.map((stage) => (
          <li key={stage.stage} className={classes.row}>
            <span className={classes.name}>{stage.label}</span>
            <button
              type="button"
              className={classes.count}
              aria-label={`${stage.label}: ${formatWhole(stage.entered)} entered`}
              onClick={() => {
                onOpen(stage, null);
              }}
            >
              {formatWhole(stage.entered)}
            </button>
            <Bar stage={stage} share={stage.entered / most} onOpen={onOpen} />
            <span className={classes.figure} data-name="go on">
              {shareWords(stage.to_next)}
            </span>
            <span className={classes.figure} data-name="win">
              {shareWords(stage.to_won)}
            </span>
            <span className={classes.time}>
              <strong>{medianWords(stage)}</strong>
              <span className={classes.beside}>{unfinishedWords(stage)}</span>
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}

const shareWords = (share: number | null): string => (share === null ? '–' : formatShare(share, 0));

type BarProps = Pick<StageRowsProps, 'onOpen'> & { stage: StageFigures; share: number };

function Bar({ stage, share, onOpen }: BarProps) {
  return (
    <span className={classes.lane}>
      <span className={classes.bar} style={{ width: `${share * 100}%` }}>
        {PARTS.filter(({ key }) => stage[key] > 0).map(({ key, label, look }) => (
          <button
            key={key}
            type="button"
            className={classes.part}
            data-look={look}
            style={{ flexGrow: stage[key] }}
            title={`${label}: ${formatWhole(stage[key])}`}
            aria-label={`${stage.label}: ${formatWhole(stage[key])} ${label.toLowerCase()}`}
            onClick={() => {
              onOpen(stage, key);
            }}
          >
            <span className={classes.number}>{formatWhole(stage[key])}</span>
          </button>
        ))}
      </span>
    </span>
  );
}
