import { useQuery } from '@tanstack/react-query';
import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { ApiProblem } from '@/lib/api';
import { renderApp } from '@/testing/render';
import { QueryPanel } from './query-panel';

function Panel({ read }: { read: () => Promise<string> }) {
  const query = useQuery({ queryKey: ['panel'], queryFn: read });
  return (
    <QueryPanel query={query} skeleton={<p>skeleton</p>} failed="The total could not be computed">
      {(data) => <p>{data}</p>}
    </QueryPanel>
  );
}

const away = new ApiProblem(503, {
  code: 'database_unavailable',
  detail: 'PostgreSQL cannot be reached.',
  fix: 'Check that the server runs.',
});

test('a failed panel says what failed, that it tries again, and "Try now" asks at once', async () => {
  let isAway = true;
  const read = () => (isAway ? Promise.reject(away) : Promise.resolve('48,210 deals'));
  const { user } = renderApp(<Panel read={read} />);
  const failure = await screen.findByRole('alert');
  expect(failure).toHaveTextContent('The total could not be computed');
  expect(failure).toHaveTextContent('PostgreSQL cannot be reached. Check that the server runs.');
  expect(failure).toHaveTextContent(/The other panels are not affected\. Trying again in \d s\./);
  isAway = false;
  await user.click(screen.getByRole('button', { name: 'Try now' }));
  expect(await screen.findByText('48,210 deals')).toBeVisible();
});

test('a refusal is told without a countdown: it would not pass by itself', async () => {
  const refusal = new ApiProblem(404, { code: 'not_found', detail: 'There is no such deal.' });
  renderApp(<Panel read={() => Promise.reject(refusal)} />);
  const failure = await screen.findByRole('alert');
  expect(failure).toHaveTextContent('There is no such deal.');
  expect(failure).not.toHaveTextContent('Trying again');
});
