/** One decision for many records: those that are selected, or the whole queue; it asks first. */
import { Button, Menu } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useState } from 'react';
import { Confirm } from '@/components/confirm/confirm';
import { counted } from '@/lib/format';
import { tell, tellError } from '@/lib/toast';
import { type Conflict, type SelectionAction, useResolveAll } from '../../api/conflicts';

type Props = {
  /** None means the whole queue. */
  selected: readonly Conflict[];
  count: number;
  fieldCount: number;
  isSkipped: boolean;
  onDone: () => void;
};

export function ResolveAll({ selected, count, fieldCount, isSkipped, onDone }: Props) {
  const [action, setAction] = useState<SelectionAction | null>(null);
  const resolve = useResolveAll();
  const isAll = selected.length === 0;
  const deals = isAll ? count : selected.length;
  const fields = isAll ? fieldCount : selected.reduce((sum, each) => sum + each.fields.length, 0);
  const run = (wanted: SelectionAction): void => {
    resolve.mutate(
      isAll
        ? { action: wanted, filter: { skipped: isSkipped }, versions: {} }
        : {
            action: wanted,
            ids: selected.map(({ id }) => id),
            versions: Object.fromEntries(selected.map(({ id, version }) => [id, version])),
          },
      {
        onSuccess: ({ message }) => {
          setAction(null);
          onDone();
          tell(message);
        },
        onError: (error) => {
          setAction(null);
          tellError(error, 'Nothing was resolved.');
        },
      },
    );
  };
  const words =
    action === null ? null : WORDS[action](counted(fields, 'field'), counted(deals, 'deal'));
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button
            disabled={deals === 0}
            rightSection={<IconChevronDown size={14} stroke={1.7} aria-hidden />}
          >
            {isAll ? 'Resolve All' : `Resolve ${selected.length}`}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {(['use_local', 'use_crm'] as const).map((each) => (
            <Menu.Item
              key={each}
              onClick={() => {
                setAction(each);
              }}
            >
              {each === 'use_local' ? 'Use Local' : 'Use CRM'}
            </Menu.Item>
          ))}
          <Menu.Item
            onClick={() => {
              run(isSkipped ? 'unskip' : 'skip');
            }}
          >
            {isSkipped ? 'Show again' : 'Skip'}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Confirm
        isOpen={action !== null}
        onClose={() => {
          setAction(null);
        }}
        title={words?.title ?? ''}
        keep="Back"
        confirm={words?.confirm ?? ''}
        isBusy={resolve.isPending}
        onConfirm={() => {
          if (action !== null) run(action);
        }}
      >
        {words?.text}
      </Confirm>
    </>
  );
}

type Words = { title: string; text: string; confirm: string };

const WORDS: Record<SelectionAction, (fields: string, deals: string) => Words> = {
  use_crm: (fields, deals) => ({
    title: `Use CRM values for ${fields} in ${deals}?`,
    text: "Your values for these fields are dropped. You can find them in each deal's timeline.",
    confirm: `Use CRM for ${fields}`,
  }),
  use_local: (fields, deals) => ({
    title: `Use Local values for ${fields} in ${deals}?`,
    text: 'The values in the CRM are overwritten, and deals that were deleted there are restored. Where the CRM has moved on meanwhile, the conflict stays open and you are told.',
    confirm: `Use Local for ${fields}`,
  }),
  skip: (fields, deals) => ({ title: `Skip ${deals}?`, text: fields, confirm: 'Skip' }),
  unskip: (fields, deals) => ({ title: `Show ${deals} again?`, text: fields, confirm: 'Show' }),
};
