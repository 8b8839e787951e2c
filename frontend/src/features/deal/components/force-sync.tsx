/** Reads the deal from the CRM now, sends its edits there, or both; what cannot be done says why. */
import { Button, Menu, Tooltip } from '@mantine/core';
import {
  IconArrowsUpDown,
  IconChevronDown,
  IconCloudDown,
  IconCloudUp,
  type Icon,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { counted } from '@/lib/format';
import { currentStatusQuery } from '@/lib/queries/sync-state';
import { useMay } from '@/lib/queries/session';
import { tell, tellError } from '@/lib/toast';
import { type Deal, type Direction, useForceSync } from '../api/deal';
import { syncReport } from '../lib/sync-report';
import { useEditing } from '../lib/use-deal-editing';
import { waitingEdits, whyNot } from '../lib/why-not';
import classes from './deal-actions.module.css';

const ICON = { size: 16, stroke: 1.7, 'aria-hidden': true } as const;

const WAYS: readonly { direction: Direction; icon: Icon; does: string; about: string }[] = [
  {
    direction: 'from_crm',
    icon: IconCloudDown,
    does: 'Read from the CRM now',
    about: 'Takes over what changed there, with subforms and tags. 1 credit, about a second.',
  },
  {
    direction: 'to_crm',
    icon: IconCloudUp,
    does: 'Send to the CRM now',
    about: 'Writes what was edited here. About 2 credits: it looks first, so that nothing is lost.',
  },
  {
    direction: 'both',
    icon: IconArrowsUpDown,
    does: 'Read, then send',
    about: 'Takes over what changed there, then writes what was edited here. About 3 credits.',
  },
];

const FAILED: Record<Direction, string> = {
  from_crm: 'The deal was not read.',
  to_crm: 'The edits were not sent.',
  both: 'The deal was not synced.',
};

export function ForceSync({ deal }: { deal: Deal }) {
  const sync = useForceSync(deal.id);
  const mayEdit = useMay('editor');
  const { reason } = useEditing();
  const { data: current } = useQuery(currentStatusQuery);
  if (!mayEdit) {
    return (
      <Tooltip label={reason} multiline maw={280}>
        <Button data-disabled aria-disabled leftSection={<IconCloudDown {...ICON} />}>
          Force sync
        </Button>
      </Tooltip>
    );
  }
  const run = (direction: Direction): void => {
    sync.mutate(direction, {
      onSuccess: (result) => {
        tell(syncReport(result, deal));
      },
      onError: (error) => {
        tellError(error, FAILED[direction]);
      },
    });
  };
  const waiting = waitingEdits(deal);
  return (
    <Menu position="bottom-end" width={300}>
      <Menu.Target>
        <Button
          loading={sync.isPending}
          leftSection={<IconCloudDown {...ICON} />}
          rightSection={<IconChevronDown size={14} stroke={1.7} aria-hidden />}
        >
          Force sync
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {WAYS.map(({ direction, icon: WayIcon, does, about }) => {
          const why = whyNot(direction, deal, current?.mode);
          const isSending = direction === 'to_crm' && waiting > 0;
          return (
            <Menu.Item
              key={direction}
              disabled={why !== null}
              leftSection={<WayIcon {...ICON} />}
              onClick={() => {
                run(direction);
              }}
            >
              {does}
              <span className={classes.about}>
                {why ?? (isSending ? `${counted(waiting, 'edit')} wait. ${about}` : about)}
              </span>
            </Menu.Item>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}
