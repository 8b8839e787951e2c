/** The files that a page offers: how many deals they hold, and about how long each takes. */
import { Loader } from '@mantine/core';
import {
  IconFileSpreadsheet,
  IconFileTypeCsv,
  IconFileTypePdf,
  IconFileTypePpt,
  IconFileZip,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { wordsOf } from '@/lib/api';
import {
  type ExportAsked,
  exportPreview,
  type ExportFormat,
  useStartExport,
} from '@/lib/queries/exports';
import { tellError } from '@/lib/toast';
import classes from './export-menu.module.css';
import { remember } from './started';
import { aboutWords, countedRows, FORMAT_WORDS, formatHint, KIND_WORDS } from './words';

const ICONS: Readonly<Record<ExportFormat, typeof IconFileTypeCsv>> = {
  csv: IconFileTypeCsv,
  xlsx: IconFileSpreadsheet,
  zip: IconFileZip,
  pdf: IconFileTypePdf,
  pptx: IconFileTypePpt,
};

export function Formats({ asked }: { asked: ExportAsked }) {
  const { data, error, isPending } = useQuery(exportPreview(asked));
  const start = useStartExport();
  const title = KIND_WORDS[asked.kind];
  const choose = (format: ExportFormat): void => {
    start.mutate(
      { ...asked, format },
      {
        onSuccess: ({ id }) => {
          remember(id);
        },
        onError: (failure) => {
          tellError(failure, 'The file could not be asked for');
        },
      },
    );
  };
  return (
    <section className={classes.kind} aria-label={title}>
      <h3 className={classes.title}>
        {title}
        <span className={classes.count}>
          {data && asked.subject === null && countedRows(asked.kind, data.rows)}
        </span>
      </h3>
      {error !== null && data === undefined ? (
        <p className={classes.refusal}>{wordsOf(error)}</p>
      ) : isPending ? (
        <Loader size={16} aria-label="Counting the deals" />
      ) : (
        <ul className={classes.list}>
          {data.formats.map(({ format, seconds, is_too_large: isTooLarge }) => {
            const Icon = ICONS[format];
            return (
              <li key={format}>
                <button
                  type="button"
                  className={classes.format}
                  disabled={isTooLarge || start.isPending}
                  onClick={() => {
                    choose(format);
                  }}
                >
                  <Icon size={16} stroke={1.7} aria-hidden />
                  <span>{FORMAT_WORDS[format]}</span>
                  <span className={classes.hint}>
                    {isTooLarge
                      ? 'too many deals'
                      : (formatHint(asked.kind, format) ?? aboutWords(seconds))}
                  </span>
                </button>
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}
