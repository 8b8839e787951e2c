/** The last files: how far they are, where to fetch them, how to have one made again. */
import { Anchor, Button, Progress } from '@mantine/core';
import { IconAlertTriangle, IconDownload, IconPlayerStop } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Moment } from '@/components/time/moment';
import { wordsOf } from '@/lib/api';
import {
  type ExportLine,
  exportsQuery,
  fileAddress,
  useCancelExport,
  useStartExport,
} from '@/lib/queries/exports';
import { tellError } from '@/lib/toast';
import classes from './export-menu.module.css';
import { remember } from './started';
import { nameOf, percentOf, progressWords, sizeWords } from './words';

const SHOWN = 6;
const mark = { size: 15, stroke: 1.7, 'aria-hidden': true } as const;

export function Recent() {
  const { data, error } = useQuery(exportsQuery);
  const lines = data?.items.slice(0, SHOWN) ?? [];
  if (error !== null && data === undefined) {
    return <p className={classes.refusal}>{wordsOf(error)}</p>;
  }
  if (lines.length === 0) return null;
  return (
    <section className={classes.recent} aria-label="Recent exports">
      <h3 className={classes.title}>
        Recent exports <span className={classes.count}>kept for 24 hours</span>
      </h3>
      <ul className={classes.list}>
        {lines.map((line) => (
          <li key={line.id} className={classes.line}>
            <Line line={line} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Line({ line }: { line: ExportLine }) {
  const cancel = useCancelExport();
  const isOpen = line.state === 'waiting' || line.state === 'running';
  return (
    <>
      <span className={classes.words}>
        <span className={classes.name}>{nameOf(line)}</span>
        <span className={classes.filters} title={line.words}>
          {line.words}
        </span>
        <State line={line} />
      </span>
      {isOpen ? (
        <Button
          variant="subtle"
          leftSection={<IconPlayerStop {...mark} />}
          loading={cancel.isPending}
          onClick={() => {
            cancel.mutate(line.id, {
              onError: (failure) => {
                tellError(failure, 'The export could not be stopped');
              },
            });
          }}
        >
          Cancel
        </Button>
      ) : line.state === 'completed' ? (
        <Anchor
          className={classes.download ?? ''}
          href={fileAddress(line.id)}
          download
          aria-label={`Download ${line.file_name ?? nameOf(line)}`}
        >
          <IconDownload {...mark} /> Download
        </Anchor>
      ) : (
        <Again line={line} />
      )}
    </>
  );
}

function State({ line }: { line: ExportLine }) {
  if (line.state === 'waiting' || line.state === 'running') {
    const percent = percentOf(line);
    return (
      <>
        {percent !== null && (
          <Progress
            value={percent}
            size={4}
            color="blue"
            aria-label={`${nameOf(line)}, progress`}
          />
        )}
        <span className={classes.state}>{progressWords(line)}</span>
      </>
    );
  }
  if (line.state === 'failed') {
    return (
      <span className={classes.failed}>
        <IconAlertTriangle {...mark} /> Failed. {line.error_message}
      </span>
    );
  }
  return (
    <span className={classes.state}>
      {line.state === 'cancelled' ? 'Cancelled' : sizeWords(line.size_bytes ?? 0)},{' '}
      <Moment at={line.finished_at ?? line.created_at} />
    </span>
  );
}

function Again({ line }: { line: ExportLine }) {
  const start = useStartExport();
  const { kind, format, query, subject, columns } = line;
  return (
    <Button
      variant="subtle"
      loading={start.isPending}
      onClick={() => {
        start.mutate(
          { kind, format, query, subject, columns },
          {
            onSuccess: ({ id }) => {
              remember(id);
            },
            onError: (failure) => {
              tellError(failure, 'The file could not be asked for');
            },
          },
        );
      }}
    >
      Try again
    </Button>
  );
}
