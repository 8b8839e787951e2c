/** A page that broke in itself: says so, keeps the rest of the app, and offers the way out. */
import { Button, CopyButton, Group } from '@mantine/core';
import { useRouteError } from 'react-router';
import { Page } from '@/components/page/page';

/** A new version was installed while this one was open: its parts are gone from the server. */
const isOutdated = (error: unknown): boolean =>
  error instanceof TypeError && /dynamically imported module|module script/i.test(error.message);

export function FailedPage() {
  const error = useRouteError();
  const details = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return (
    <Page
      title={isOutdated(error) ? 'Pipeline Pulse was updated' : 'This page failed'}
      lede={
        isOutdated(error)
          ? 'Load the page again to get the new version.'
          : 'The fault is ours. Nothing was changed; the other pages work.'
      }
    >
      <Group gap="sm">
        <Button
          variant="filled"
          onClick={() => {
            window.location.reload();
          }}
        >
          Load again
        </Button>
        <CopyButton value={details}>
          {({ copied, copy }) => (
            <Button onClick={copy}>{copied ? 'Copied' : 'Copy details'}</Button>
          )}
        </CopyButton>
      </Group>
    </Page>
  );
}
