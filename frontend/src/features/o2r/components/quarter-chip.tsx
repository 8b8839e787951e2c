/** Which quarter the page is about. */
import { ChoiceMenu } from '@/components/territory-chip/choice-menu';
import { quartersBackFrom, quarterWords } from '@/lib/quarters';

const QUARTERS = 8;

type QuarterChipProps = {
  quarter: string;
  /** The quarter that runs; it needs no word in the address. */
  running: string;
  onChoose: (quarter: string | null) => void;
};

export function QuarterChip({ quarter, running, onChoose }: QuarterChipProps) {
  return (
    <ChoiceMenu
      label="Quarter"
      said={quarterWords(quarter)}
      options={quartersBackFrom(running, QUARTERS).map((value) => ({
        value,
        word: quarterWords(value),
      }))}
      chosen={quarter}
      onChoose={(value) => {
        onChoose(value === running ? null : value);
      }}
    />
  );
}
