/** Which territory and which quarter the page is about. */
import { Button, Menu } from '@mantine/core';
import { IconCheck, IconChevronDown, IconMapPin } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { dealsFacet } from '@/lib/queries/deals';
import { quartersBackFrom, quarterWords } from '../lib/quarters';
import { territoryName } from '../lib/words';

const QUARTERS = 8;

type TerritoryChipProps = {
  territory: string | null;
  onChoose: (territory: string | null) => void;
};

export function TerritoryChip({ territory, onChoose }: TerritoryChipProps) {
  const { data } = useQuery(dealsFacet('region', {}, ''));
  return (
    <Choice
      label="Territory"
      icon={<IconMapPin size={15} stroke={1.7} aria-hidden />}
      said={territory === null ? 'All territories' : territoryName(territory || null)}
      options={[
        { value: null, word: 'All territories' },
        ...(data?.values ?? []).map(({ value }) => ({
          value,
          word: territoryName(value || null),
        })),
      ]}
      chosen={territory}
      onChoose={onChoose}
    />
  );
}

type QuarterChipProps = {
  quarter: string;
  /** The quarter that runs; it needs no word in the address. */
  running: string;
  onChoose: (quarter: string | null) => void;
};

export function QuarterChip({ quarter, running, onChoose }: QuarterChipProps) {
  return (
    <Choice
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

type Option = { value: string | null; word: string };

type ChoiceProps = {
  label: string;
  said: string;
  icon?: ReactNode;
  options: readonly Option[];
  chosen: string | null;
  onChoose: (value: string | null) => void;
};

function Choice({ label, said, icon, options, chosen, onChoose }: ChoiceProps) {
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button
          aria-label={`${label}: ${said}`}
          leftSection={icon}
          rightSection={<IconChevronDown size={14} stroke={1.7} aria-hidden />}
        >
          {said}
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={340} style={{ overflowY: 'auto' }}>
        {options.map(({ value, word }) => (
          <Menu.Item
            key={value ?? 'all'}
            aria-current={value === chosen || undefined}
            rightSection={
              value === chosen ? <IconCheck size={14} stroke={1.7} aria-hidden /> : undefined
            }
            onClick={() => {
              onChoose(value);
            }}
          >
            {word}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
