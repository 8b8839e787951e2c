/** A button that names what is chosen and opens the choices. */
import { Button, Menu } from '@mantine/core';
import { IconCheck, IconChevronDown } from '@tabler/icons-react';
import type { ReactNode } from 'react';

type Option = { value: string | null; word: string };

type ChoiceMenuProps = {
  label: string;
  said: string;
  icon?: ReactNode;
  options: readonly Option[];
  chosen: string | null;
  onChoose: (value: string | null) => void;
};

export function ChoiceMenu({ label, said, icon, options, chosen, onChoose }: ChoiceMenuProps) {
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
