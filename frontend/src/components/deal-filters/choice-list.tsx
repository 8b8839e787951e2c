/** Values with a check box each, and how many deals have them. */
import { Checkbox } from '@mantine/core';
import { formatWhole } from '@/lib/format';
import classes from './choice-list.module.css';

type ChoiceListProps = {
  label: string;
  options: readonly { value: string; label: string; count?: number }[];
  chosen: readonly string[];
  onToggle: (value: string) => void;
};

export function ChoiceList({ label, options, chosen, onToggle }: ChoiceListProps) {
  return (
    <div role="group" aria-label={label} className={classes.list}>
      {options.map((option) => (
        <Checkbox
          key={option.value}
          radius={4}
          className={classes.option ?? ''}
          classNames={{ body: classes.body ?? '', labelWrapper: classes.wrap ?? '' }}
          checked={chosen.includes(option.value)}
          onChange={() => {
            onToggle(option.value);
          }}
          label={
            <span className={classes.line}>
              <span className={classes.word}>{option.label}</span>
              {option.count !== undefined && (
                <span className={classes.count}>{formatWhole(option.count)}</span>
              )}
            </span>
          }
        />
      ))}
    </div>
  );
}
