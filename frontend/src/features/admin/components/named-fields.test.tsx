import { screen } from '@testing-library/react';
import { useState } from 'react';
import { expect, test } from 'vitest';
import { renderApp } from '@/testing/render';
import { http, server } from '@/testing/server';
import { kindOf } from '../lib/setting-kind';
import { SettingInput } from './setting-input';

const SHAPE = {
  type: 'object',
  additionalProperties: { type: 'string', pattern: '^[A-Za-z]' },
  propertyNames: { enum: ['qualified', 'sow_started'] },
};

function Milestones() {
  const [value, setValue] = useState<unknown>({ qualified: 'Qualified_On' });
  return (
    <>
      <SettingInput
        settingKey="o2r.milestone_fields"
        label="Fields of milestones"
        kind={kindOf(SHAPE)}
        value={value}
        onChange={setValue}
      />
      <output>{JSON.stringify(value)}</output>
    </>
  );
}

test('a milestone keeps its field though the fields cannot be read, and is kept here without one', async () => {
  server.use(
    http.get('/api/crm/fields/metadata', ({ response }) =>
      response(503).json({
        type: 'urn:pulse:problem:database_unavailable',
        title: 'Away',
        status: 503,
        detail: 'The database did not answer.',
        code: 'database_unavailable',
        fix: null,
        errors: null,
      }),
    ),
  );
  const { user } = renderApp(<Milestones />);

  const qualified = await screen.findByRole('combobox', { name: 'Qualified' });
  expect(qualified).toHaveValue('Qualified_On');
  expect(screen.getByRole('combobox', { name: 'Sow started' })).toHaveValue('');
  await user.click(qualified);
  await user.click(await screen.findByRole('option', { name: 'Qualified_On' }));
  expect(screen.getByRole('status')).toHaveTextContent('{}');
});
