/** The Dashboard before there is anything to show: three steps, then what will stand here. */
import { Button } from '@mantine/core';
import { IconCheck, IconPlugConnected } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { Page } from '@/components/page/page';
import { whoConnects } from '@/lib/connect-words';
import { useMay, useMe } from '@/lib/queries/session';
import type { CurrentStatus } from '@/lib/queries/sync-state';
import { requiredFieldsQuery } from '../api/queries';
import { Outlines } from './outlines';
import classes from './welcome.module.css';

const REQUIRED = 23;

export function Welcome({ current }: { current: CurrentStatus }) {
  const isConnected = current.condition !== 'not_connected';
  const isAdmin = useMay('admin');
  const mayStart = useMay('editor');
  const { admins } = useMe();
  const fields = useQuery({ ...requiredFieldsQuery, enabled: isConnected });
  const missing = fields.data?.missing.length;
  const isMapped = missing === 0;
  const step = !isConnected ? 1 : isMapped ? 3 : 2;
  return (
    <Page
      title="Welcome to Pipeline Pulse"
      lede={
        isAdmin || isConnected
          ? 'Three steps, about five minutes. Then this page shows what your pipeline is worth and what moved.'
          : whoConnects(admins)
      }
    >
      <ol className={classes.steps}>
        <Step
          number={1}
          at={step}
          title="Connect to Zoho CRM"
          side={
            step === 1 && isAdmin ? (
              <Button
                component={Link}
                to="/crm-sync"
                variant="filled"
                leftSection={<IconPlugConnected size={15} stroke={1.7} aria-hidden />}
              >
                Connect to Zoho
              </Button>
            ) : (
              isConnected && 'Connected'
            )
          }
        >
          You sign in at Zoho and choose what we may read and write. Nothing is copied before you
          agree.
        </Step>
        <Step
          number={2}
          at={step}
          title="Check the field map"
          side={
            step === 2 && isAdmin && missing !== undefined ? (
              <Button component={Link} to="/crm-sync" variant="filled">
                Check the field map
              </Button>
            ) : isMapped ? (
              `All ${REQUIRED} fields found`
            ) : missing === undefined ? (
              'About 2 minutes'
            ) : (
              `${missing} of ${REQUIRED} fields missing`
            )
          }
        >
          We look at your Deals fields, propose a match for each of the {REQUIRED} we need, and name
          what is missing.
        </Step>
        <Step
          number={3}
          at={step}
          title="Run the first full sync"
          side={<FirstSync current={current} isDue={step === 3} mayStart={mayStart} />}
        >
          Before it starts you see how many deals there are, how long it takes and what it costs in
          API credits.
        </Step>
      </ol>
      <Outlines current={current} />
    </Page>
  );
}

function FirstSync({
  current,
  isDue,
  mayStart,
}: {
  current: CurrentStatus;
  isDue: boolean;
  mayStart: boolean;
}) {
  if (current.is_syncing) return <Link to="/live-sync">It is running. Watch it</Link>;
  if (current.condition === 'failing') {
    return <Link to="/live-sync">It failed: {current.trouble?.title ?? 'see why'}</Link>;
  }
  if (isDue && mayStart) {
    return (
      <Button component={Link} to="/live-sync?action=full" variant="filled">
        Run the first full sync
      </Button>
    );
  }
  return <>10,000 deals take a few seconds</>;
}

type StepProps = {
  number: number;
  /** The step that is due. */
  at: number;
  title: string;
  side: ReactNode;
  children: ReactNode;
};

function Step({ number, at, title, side, children }: StepProps) {
  const state = number < at ? 'done' : number === at ? 'due' : 'ahead';
  return (
    <li
      className={classes.step}
      data-state={state}
      aria-current={state === 'due' ? 'step' : undefined}
    >
      <span className={classes.number} aria-hidden>
        {state === 'done' ? <IconCheck size={15} stroke={2} /> : number}
      </span>
      <div className={classes.words}>
        <h2 className={classes.title}>{title}</h2>
        <p className={classes.text}>{children}</p>
      </div>
      <div className={classes.side}>{side}</div>
    </li>
  );
}
