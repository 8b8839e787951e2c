/** What can be done with a deal: go to its neighbours, read it from the CRM, copy, open it there. */
import { ActionIcon, Button, Menu, Tooltip } from '@mantine/core';
import {
  IconChevronDown,
  IconChevronLeft,
  IconChevronRight,
  IconCloudDown,
  IconCopy,
  IconDots,
  IconExternalLink,
  IconLink,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { formatWhole } from '@/lib/format';
import { fromList, useDealsList } from '@/lib/deals-list';
import { useShortcuts } from '@/lib/keys';
import { useMay } from '@/lib/queries/session';
import { tell, tellError } from '@/lib/toast';
import { type Deal, neighboursQuery, useForceSync } from '../api/deal';
import { syncReport } from '../lib/sync-report';
import classes from './deal-actions.module.css';

const ICON = { size: 16, stroke: 1.7, 'aria-hidden': true } as const;

export function DealActions({ deal }: { deal: Deal }) {
  const mayEdit = useMay('editor');
  return (
    <>
      <NeighbourButtons id={deal.id} />
      {mayEdit && <ForceSync deal={deal} />}
      <MoreMenu deal={deal} />
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

function ForceSync({ deal }: { deal: Deal }) {
  const sync = useForceSync(deal.id);
  return (
    <Menu position="bottom-end" width={280}>
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
        <Menu.Item
          leftSection={<IconCloudDown {...ICON} />}
          onClick={() => {
            sync.mutate(undefined, {
              onSuccess: (result) => {
                tell(syncReport(result, deal));
              },
              onError: (error) => {
                tellError(error, 'The deal was not read.');
              },
            });
          }}
        >
          Read from the CRM now
          <span className={classes.about}>
            Takes over what changed there, with subforms and tags. 1 credit, about a second.
          </span>
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
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
