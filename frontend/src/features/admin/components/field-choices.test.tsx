import { screen } from '@testing-library/react';
import { useState } from 'react';
import { expect, test } from 'vitest';
import { renderApp } from '@/testing/render';
import { http, server } from '@/testing/server';
import { kindOf } from '../lib/setting-kind';
import { SettingInput } from './setting-input';

const SHAPE = {
  type: 'object',
  additionalProperties: { type: 'string', enum: ['ask', 'crm_wins', 'local_wins', 'newest_wins'] },
};

function Policies() {
  const [value, setValue] = useState<unknown>({ Amount: 'crm_wins' });
  return (
    <>
      <SettingInput
        settingKey="conflicts.field_policies"
        label="Conflicts by field"
        kind={kindOf(SHAPE)}
        value={value}
        onChange={setValue}
      />
      <output>{JSON.stringify(value)}</output>
    </>
  );
}

test('a field is given a policy of its own, and follows all others again', async () => {
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
  const { user } = renderApp(<Policies />);

  await user.click(await screen.findByRole('combobox', { name: 'Amount' }));
  await user.click(
    await screen.findByRole('option', { name: 'Local wins: the CRM is overwritten' }),
  );
  expect(screen.getByRole('status')).toHaveTextContent('{"Amount":"local_wins"}');
  expect(await screen.findByPlaceholderText('The fields could not be read')).toBeInTheDocument();
  await user.click(screen.getByRole('button', { name: 'Let Amount follow all other fields' }));
  expect(screen.getByRole('status')).toHaveTextContent('{}');
});
