import { notifications } from '@mantine/notifications';
import { screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { useEffect } from 'react';
import { onKeyDown } from '@/lib/keys';
import type { Role } from '@/lib/queries/session';
import { renderApp } from '@/testing/render';
import {
  CLAIMS,
  conflictsAre,
  MILL,
  PARTNERS,
  partnersAreFound,
  refusesWith,
  resolutions,
} from './conflicts-testing';
import SyncStatusPage from './sync-status-page';
import { NOW } from './testing';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
});
afterEach(() => {
  // Toasts outlive the page that showed them.
  notifications.clean();
  vi.useRealTimers();
});

function WithKeys() {
  useEffect(() => {
    window.addEventListener('keydown', onKeyDown);
    return () => {
      window.removeEventListener('keydown', onKeyDown);
    };
  }, []);
  return <SyncStatusPage />;
}

const show = (at = '/sync-status?tab=conflicts', role: Role = 'editor') =>
  renderApp(<WithKeys />, { at, role });

describe('Conflicts', () => {
  test('shows the queue at the left and the first record with both sides', async () => {
    conflictsAre([CLAIMS, MILL], { skipped: 2 });
    show();

    const queue = await screen.findByRole('region', { name: 'Records in conflict' });
    expect(within(queue).getByText('2 conflicts')).toBeInTheDocument();
    expect(within(queue).getByText('12 min')).toBeInTheDocument();
    expect(within(queue).getByText('Deleted in CRM')).toBeInTheDocument();
    expect(queue).toHaveTextContent(
      '2 skipped. They come back when either side changes again. Show',
    );
    const record = screen.getByRole('region', { name: 'Claims platform renewal' });
    expect(record).toHaveTextContent('Meridian General · S$ 1,350,000 · Negotiation');
    expect(record).toHaveTextContent('Local · Marcus Tan');
    expect(record).toHaveTextContent('CRM · Nurul Aisyah');
    const amount = within(record).getByRole('listitem', { name: 'Amount' });
    expect(amount).toHaveTextContent('Currency, SGD');
    expect(amount).toHaveTextContent('+70,000.00');
    expect(amount).toHaveTextContent('+30,000.00');
    const date = within(record).getByRole('listitem', { name: 'Decision date' });
    expect(date).toHaveTextContent('Date, custom field');
    expect(date).toHaveTextContent('21 days later');
    expect(date).toHaveTextContent('7 days later');
    expect(record).toHaveTextContent('Merged by itselfStage → Negotiation from CRM');
    expect(record).toHaveTextContent('Sending costs 1 credit.');
  });

  test('counts those that ask for a decision alike; the queue tells which were skipped', async () => {
    conflictsAre([CLAIMS], { skipped: 2 });
    const sent = resolutions();
    const { user } = show();

    expect(await screen.findByText(/^1 record was changed on both sides\./)).toBeInTheDocument();
    const numbers = screen.getByRole('list', { name: 'Sync health' });
    const tile = within(numbers).getByText('Conflicts').closest('li');
    expect(tile).toHaveTextContent(/^Conflicts1requires attention$/);
    expect(screen.getByRole('tab', { name: /Conflicts/ })).toHaveTextContent('Conflicts1');
    const queue = await screen.findByRole('region', { name: 'Records in conflict' });
    expect(within(queue).getByText('1 conflict')).toBeInTheDocument();
    expect(queue).toHaveTextContent('2 skipped.');

    conflictsAre([], { skipped: 3 });
    await user.keyboard('s');
    await waitFor(() => {
      expect(tile).toHaveTextContent(/^Conflicts0none is open$/);
    });
    expect(screen.getByRole('tab', { name: /Conflicts/ })).toHaveTextContent(/^Conflicts$/);
    expect(await screen.findByText(/^Healthy\./)).toHaveTextContent(
      '9 of 48,210 records are not in sync.',
    );
    expect(queue).toHaveTextContent('3 skipped.');
    expect(sent).toEqual([{ id: CLAIMS.id, action: 'skip' }]);
  });

  test('waits with the merge until each field is decided, then sends what was looked at', async () => {
    conflictsAre([CLAIMS]);
    const sent = resolutions();
    const { user } = show();

    const record = await screen.findByRole('region', { name: 'Claims platform renewal' });
    expect(within(record).getByRole('button', { name: 'Merge, 2 fields left' })).toBeDisabled();
    await user.click(
      within(record).getByRole('button', { name: 'Use Local for Amount: 1,350,000' }),
    );
    const amount = within(record).getByRole('listitem', { name: 'Amount' });
    expect(amount).toHaveTextContent('Local, goes to the CRM');
    expect(within(record).getByRole('button', { name: 'Merge, 1 field left' })).toBeDisabled();
    await user.click(within(record).getByRole('button', { name: /^Use CRM for Decision date: / }));
    await user.click(within(record).getByRole('button', { name: 'Merge' }));

    await waitFor(() => {
      expect(sent).toEqual([
        {
          id: CLAIMS.id,
          action: 'merge',
          version: 'seen-1',
          fields: { Amount: { use: 'local' }, Decision_Date: { use: 'crm' } },
        },
      ]);
    });
    expect(await screen.findByText('It is done.')).toBeInTheDocument();
  });

  test('takes keys for fields, sides, merge and undo', async () => {
    conflictsAre([CLAIMS, MILL]);
    const sent = resolutions();
    const { user } = show();

    await screen.findByRole('region', { name: 'Claims platform renewal' });
    await user.keyboard('2');
    expect(screen.getByRole('listitem', { name: 'Amount' })).toHaveTextContent('CRM, taken over');
    expect(screen.getByRole('listitem', { name: 'Decision date' })).toHaveAttribute(
      'aria-current',
      'true',
    );
    await user.keyboard('{Control>}z{/Control}');
    expect(screen.getByRole('listitem', { name: 'Amount' })).toHaveTextContent('Not decided');
    await user.keyboard('{ArrowUp}1{ArrowDown}1m');
    await waitFor(() => {
      expect(sent).toHaveLength(1);
    });
    expect(sent[0]).toMatchObject({
      fields: { Amount: { use: 'local' }, Decision_Date: { use: 'local' } },
    });
    await user.keyboard('j');
    expect(
      await screen.findByRole('region', { name: 'Mill safety programme' }),
    ).toBeInTheDocument();
  });

  test('lets a record be typed that neither side has, found by letters and told by its name', async () => {
    conflictsAre([PARTNERS]);
    partnersAreFound();
    const sent = resolutions();
    const { user } = show();

    await user.click(await screen.findByRole('button', { name: 'Type a value for Partner' }));
    const input = await screen.findByRole('combobox', { name: 'Partner' });
    expect(input).toHaveValue('Meridian General');
    await user.clear(input);
    await user.type(input, 'orch');
    await waitFor(() => {
      expect(screen.getAllByRole('option').map(({ textContent }) => textContent)).toEqual([
        'Meridian General',
        'Orchid Systems',
      ]);
    });
    await user.click(screen.getByRole('option', { name: 'Orchid Systems' }));
    await user.click(screen.getByRole('button', { name: 'Take' }));

    const partner = screen.getByRole('listitem', { name: 'Partner' });
    expect(partner).toHaveTextContent('Orchid SystemsTyped, goes to the CRM');
    await user.click(screen.getByRole('button', { name: 'Merge' }));
    await waitFor(() => {
      expect(sent).toEqual([
        {
          id: CLAIMS.id,
          action: 'merge',
          version: 'seen-1',
          fields: { Partner: { value: '5725767000000871003' } },
        },
      ]);
    });
  });

  test('skips without a question and takes it back on Ctrl Z', async () => {
    conflictsAre([CLAIMS, MILL]);
    const sent = resolutions();
    const { user } = show();

    await screen.findByRole('region', { name: 'Claims platform renewal' });
    await user.keyboard('s');
    await screen.findByRole('button', { name: 'Undo' });
    await user.keyboard('{Control>}z{/Control}');
    await waitFor(() => {
      expect(sent).toEqual([
        { id: CLAIMS.id, action: 'skip' },
        { id: CLAIMS.id, action: 'unskip' },
      ]);
    });
  });

  test('drops the edits for the CRM without a question and takes it back by the toast', async () => {
    conflictsAre([CLAIMS, MILL]);
    const sent = resolutions();
    const { user } = show();

    const record = await screen.findByRole('region', { name: 'Claims platform renewal' });
    await user.click(within(record).getByRole('button', { name: 'Use CRM for all' }));
    expect(
      await screen.findByRole('region', { name: 'Mill safety programme' }),
    ).toBeInTheDocument();
    await user.click(await screen.findByRole('button', { name: 'Undo' }));

    expect(await screen.findByText('It clashes again.')).toBeInTheDocument();
    expect(sent).toEqual([
      { id: CLAIMS.id, action: 'use_crm', version: 'seen-1' },
      { id: CLAIMS.id, undo: true },
    ]);
    expect(
      await screen.findByRole('region', { name: 'Claims platform renewal' }),
    ).toBeInTheDocument();
  });

  test('asks before values go to the CRM, as they cannot be taken back', async () => {
    conflictsAre([CLAIMS]);
    const sent = resolutions();
    const { user } = show();

    const record = await screen.findByRole('region', { name: 'Claims platform renewal' });
    await user.click(within(record).getByRole('button', { name: 'Use Local for all' }));
    const dialog = await screen.findByRole('dialog', {
      name: 'Use Local values for 2 fields in Claims platform renewal?',
    });
    expect(dialog).toHaveTextContent('It costs 1 credit and cannot be undone here.');
    expect(within(dialog).getByRole('button', { name: 'Back' })).toHaveFocus();
    expect(sent).toEqual([]);
    await user.click(within(dialog).getByRole('button', { name: 'Use Local for 2 fields' }));

    expect(await screen.findByText('It is done.')).toBeInTheDocument();
    expect(sent).toEqual([{ id: CLAIMS.id, action: 'use_local', version: 'seen-1' }]);
    expect(screen.queryByRole('button', { name: 'Undo' })).not.toBeInTheDocument();
  });

  test('says why edits cannot come back', async () => {
    conflictsAre([CLAIMS]);
    resolutions({ undo: 'Next Step was edited again since.' });
    const { user } = show();

    const record = await screen.findByRole('region', { name: 'Claims platform renewal' });
    await user.click(within(record).getByRole('button', { name: 'Use CRM for all' }));
    await user.click(await screen.findByRole('button', { name: 'Undo' }));

    expect(await screen.findByText('The edits stay dropped.')).toBeInTheDocument();
    expect(screen.getByText('Next Step was edited again since.')).toBeInTheDocument();
  });

  test('says of a deleted record that its edits are dropped or it is restored', async () => {
    conflictsAre([MILL]);
    const sent = resolutions();
    const { user } = show();

    const record = await screen.findByRole('region', { name: 'Mill safety programme' });
    expect(record).toHaveTextContent('The record was deleted in the CRM while it was edited here');
    await user.click(within(record).getByRole('button', { name: 'Restore and push' }));
    const dialog = await screen.findByRole('dialog', {
      name: 'Restore Mill safety programme in the CRM?',
    });
    expect(sent).toEqual([]);
    await user.click(within(dialog).getByRole('button', { name: 'Restore and push' }));
    await waitFor(() => {
      expect(sent).toEqual([{ id: MILL.id, action: 'use_local', version: 'seen-2' }]);
    });
  });

  test('keeps a conflict that has moved on open and says why', async () => {
    conflictsAre([CLAIMS]);
    refusesWith('The conflict has moved on since you looked at it.');
    const { user } = show();

    const record = await screen.findByRole('region', { name: 'Claims platform renewal' });
    await user.click(within(record).getByRole('button', { name: 'Use CRM for all' }));

    expect(await screen.findByText('The conflict stays open.')).toBeInTheDocument();
    expect(
      screen.getByText('The conflict has moved on since you looked at it.'),
    ).toBeInTheDocument();
  });

  test('tells what a refused resolution was refused for', async () => {
    const [amount, ...rest] = CLAIMS.fields;
    if (!amount) throw new Error('the example has a first field');
    conflictsAre([
      { ...CLAIMS, fields: [{ ...amount, error_message: 'the record is locked' }, ...rest] },
    ]);
    show();

    expect(await screen.findByText('Could not be sent: the record is locked')).toBeInTheDocument();
  });

  test('asks before all conflicts of the queue are resolved', async () => {
    conflictsAre([CLAIMS, MILL]);
    const sent = resolutions();
    const { user } = show();

    await user.click(await screen.findByRole('button', { name: 'Resolve All' }));
    await user.click(await screen.findByRole('menuitem', { name: 'Use CRM' }));
    const dialog = await screen.findByRole('dialog', {
      name: 'Use CRM values for 3 fields in 2 deals?',
    });
    expect(dialog).toHaveTextContent(
      "Your values for these fields are dropped. You can find them in each deal's timeline.",
    );
    expect(within(dialog).getByRole('button', { name: 'Back' })).toHaveFocus();
    await user.click(within(dialog).getByRole('button', { name: 'Use CRM for 3 fields' }));
    await waitFor(() => {
      expect(sent).toEqual([{ action: 'use_crm', filter: { skipped: false }, versions: {} }]);
    });
  });

  test('opens the record that a link names though the queue does not show it', async () => {
    conflictsAre([CLAIMS], { beside: MILL });
    show(`/sync-status?tab=conflicts&record=${MILL.id}`);

    expect(
      await screen.findByRole('region', { name: 'Mill safety programme' }),
    ).toBeInTheDocument();
  });

  test('is calm when there is none', async () => {
    conflictsAre([]);
    show();

    expect(await screen.findByText(/^No conflicts\./)).toHaveTextContent(
      'No conflicts. Nothing of 48,210 records waits for a decision.',
    );
  });

  test('lets a viewer read without deciding', async () => {
    conflictsAre([CLAIMS]);
    show('/sync-status?tab=conflicts', 'viewer');

    const record = await screen.findByRole('region', { name: 'Claims platform renewal' });
    expect(record).toHaveTextContent('You can read this, not change it.');
    expect(within(record).queryByRole('button', { name: /Merge|Skip/ })).not.toBeInTheDocument();
    expect(screen.queryByRole('button', { name: 'Resolve All' })).not.toBeInTheDocument();
  });
});
