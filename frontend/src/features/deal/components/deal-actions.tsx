/** What can be done with a deal: go to its neighbours, sync it now, copy, open it in the CRM, edit. */
import { ActionIcon, Button, Kbd, Menu, Tooltip } from '@mantine/core';
import {
  IconChevronLeft,
  IconChevronRight,
  IconCopy,
  IconDots,
  IconExternalLink,
  IconLink,
  IconPencil,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { formatWhole } from '@/lib/format';
import { fromList, useDealsList } from '@/lib/deals-list';
import { useShortcuts } from '@/lib/keys';
import { tell, tellError } from '@/lib/toast';
import { type Deal, neighboursQuery } from '../api/deal';
import { useEditing } from '../lib/use-deal-editing';
import classes from './deal-actions.module.css';
import { ForceSync } from './force-sync';

const ICON = { size: 16, stroke: 1.7, 'aria-hidden': true } as const;

export function DealActions({ deal }: { deal: Deal }) {
  return (
    <>
      <NeighbourButtons id={deal.id} />
      <ForceSync deal={deal} />
      <MoreMenu deal={deal} />
      <EditButton />
    </>
  );
}

function NeighbourButtons({ id }: { id: string }) {
  const navigate = useNavigate();
  const list = useDealsList();
  const { data } = useQuery(neighboursQuery(id, list?.search ?? ''));
  const go = (to: string | null | undefined): void => {
    if (to != null) void navigate(`/deals/${to}`, { state: list && fromList(list) });
  };
  useShortcuts([
    {
      keys: '[',
      does: 'Previous deal of the list',
      run: () => {
        go(data?.previous);
      },
    },
    {
      keys: ']',
      does: 'Next deal of the list',
      run: () => {
        go(data?.next);
      },
    },
  ]);
  if (data?.place == null || data.count == null) return null;
  return (
    <div className={classes.neighbours}>
      <span className={classes.place}>
        {formatWhole(data.place)} of {formatWhole(data.count)}
      </span>
      <Tooltip label="Previous deal of the list: [">
        <ActionIcon
          variant="default"
          aria-label="Previous deal of the list"
          disabled={data.previous === null}
          onClick={() => {
            go(data.previous);
          }}
        >
          <IconChevronLeft {...ICON} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Next deal of the list: ]">
        <ActionIcon
          variant="default"
          aria-label="Next deal of the list"
          disabled={data.next === null}
          onClick={() => {
            go(data.next);
          }}
        >
          <IconChevronRight {...ICON} />
        </ActionIcon>
      </Tooltip>
    </div>
  );
}

/** The one filled button; where nothing can be edited it says why. */
function EditButton() {
  const { reason, open, begin } = useEditing();
  const canEdit = reason === null;
  useShortcuts(
    canEdit
      ? [
          {
            keys: 'e',
            does: 'Edit the deal',
            run: () => {
              begin();
            },
          },
        ]
      : [],
  );
  return (
    <Tooltip label={reason} disabled={reason == null} multiline maw={300}>
      <Button
        variant="filled"
        leftSection={<IconPencil {...ICON} />}
        rightSection={canEdit && <Kbd className={classes.key}>E</Kbd>}
        {...(!canEdit && { 'data-disabled': true, 'aria-disabled': true })}
        disabled={open?.form === true}
        onClick={() => {
          begin();
        }}
      >
        Edit
      </Button>
    </Tooltip>
  );
}

function MoreMenu({ deal }: { deal: Deal }) {
  const copy = (text: string, said: string): void => {
    navigator.clipboard.writeText(text).then(
      () => {
        tell(said);
      },
      (error: unknown) => {
        tellError(
          error instanceof Error ? error : new Error('The browser refused.'),
          'Nothing was copied.',
        );
      },
    );
  };
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <ActionIcon variant="default" aria-label="More actions">
          <IconDots {...ICON} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconLink {...ICON} />}
          onClick={() => {
            copy(`${window.location.origin}/deals/${deal.id}`, 'Link copied');
          }}
        >
          Copy link
        </Menu.Item>
        <Menu.Item
          leftSection={<IconCopy {...ICON} />}
          onClick={() => {
            copy(deal.id, `ID ${deal.id} copied`);
          }}
        >
          Copy ID
        </Menu.Item>
        {deal.crm_url !== null && (
          <Menu.Item
            component="a"
            href={deal.crm_url}
            target="_blank"
            rel="noreferrer noopener"
            leftSection={<IconExternalLink {...ICON} />}
          >
            Open in Zoho
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
