/** The figures of all stages as a table. */
import { formatShare, formatWhole, NONE } from '@/lib/format';
import type { Stages } from '../../api/stages';
import { daysWords, medianWords, PARTS } from './words';
import classes from './stages.module.css';

const share = (value: number | null): string => (value === null ? NONE : formatShare(value));

export function StageTable({ stages }: { stages: Stages }) {
  return (
    <div className={classes.scroll}>
      <table className={classes.table} aria-label="Stages">
        <thead>
          <tr>
            <th scope="col">Stage</th>
            <th scope="col">Entered</th>
            {PARTS.map(({ key, label }) => (
              <th key={key} scope="col">
                {label}
              </th>
            ))}
            <th scope="col">Go on</th>
            <th scope="col">Win</th>
            <th scope="col">Median time</th>
            <th scope="col">Mean time</th>
            <th scope="col">Told by CRM</th>
          </tr>
        </thead>
        <tbody>
          {stages.stages.map((stage) => (
            <tr key={stage.stage}>
              <th scope="row">{stage.label}</th>
              <td>{formatWhole(stage.entered)}</td>
              {PARTS.map(({ key }) => (
                <td key={key}>{formatWhole(stage[key])}</td>
              ))}
              <td>{share(stage.to_next)}</td>
              <td>{share(stage.to_won)}</td>
              <td>{medianWords(stage) || NONE}</td>
              <td>
                {stage.mean_days === null
                  ? NONE
                  : `${stage.is_mean_at_least ? '≥ ' : ''}${daysWords(stage.mean_days)}`}
              </td>
              <td>{formatWhole(stage.imported)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
