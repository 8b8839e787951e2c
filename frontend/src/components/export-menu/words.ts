/** Exports in words. */
import { counted, formatDuration, formatNumber, formatWhole } from '@/lib/format';
import type { ExportFormat, ExportKind, ExportLine } from '@/lib/queries/exports';

export const KIND_WORDS: Readonly<Record<ExportKind, string>> = {
  deals: 'Deals, a row each',
  analysis: 'This analysis',
  opportunities: 'Opportunities, a row each',
  o2r_deal: 'This opportunity',
  o2r_deck: 'Opportunity to revenue',
};

export const FORMAT_WORDS: Readonly<Record<ExportFormat, string>> = {
  csv: 'CSV',
  zip: 'CSV with its filters and rates (ZIP)',
  xlsx: 'Excel',
  pdf: 'PDF report',
  pptx: 'PowerPoint',
};

/** `225 opportunities`, `4,812 deals`. */
export const countedRows = (kind: ExportKind, rows: number): string =>
  kind === 'opportunities' ? counted(rows, 'opportunity', 'opportunities') : counted(rows, 'deal');

/** What one format of a kind holds beside the others. */
export function formatHint(kind: ExportKind, format: ExportFormat): string | null {
  if (kind === 'analysis' && format === 'xlsx') return 'a sheet for each table';
  if (kind === 'o2r_deal') return 'one slide';
  if (kind === 'o2r_deck') return 'a deck';
  return null;
}

/** `about 2 s`; a moment is said as such, as its length is that of the way. */
export const aboutWords = (seconds: number): string =>
  seconds < 1 ? 'at once' : `about ${formatDuration(seconds)}`;

const KIBI = 1024;

/** `612 kB`, `4.2 MB`. */
export function sizeWords(bytes: number): string {
  if (bytes < KIBI * KIBI) return `${formatWhole(Math.max(1, Math.round(bytes / KIBI)))} kB`;
  return `${formatNumber(bytes / KIBI / KIBI, 1)} MB`;
}

/** `Excel of 4,812 deals`, `PDF report`, `PowerPoint slide`. */
export function nameOf({
  kind,
  format,
  rows_total,
}: Pick<ExportLine, 'kind' | 'format' | 'rows_total'>): string {
  if (format === 'pptx') return kind === 'o2r_deal' ? 'PowerPoint slide' : 'PowerPoint deck';
  const name = format === 'zip' ? 'ZIP' : FORMAT_WORDS[format];
  return rows_total === null ? name : `${name} of ${countedRows(kind, rows_total)}`;
}

/** The share of a file that is written, in percent, never rounded up to a whole; null if unknown. */
export function percentOf({
  rows_done: done,
  rows_total: total,
}: Pick<ExportLine, 'rows_done' | 'rows_total'>): number | null {
  if (total === null || total === 0) return null;
  return Math.min(99.9, Math.floor((done / total) * 1_000) / 10);
}

/** How far a file is: `1,200 of 4,812 deals, 3 s left, about`. */
export function progressWords(line: ExportLine): string {
  if (line.state === 'waiting') return 'Waiting for its turn';
  if (line.rows_total === null) return 'Being made';
  const done = `${formatWhole(line.rows_done)} of ${countedRows(line.kind, line.rows_total)}`;
  if (line.rows_done >= line.rows_total) return `${done}, being packed`;
  return line.seconds_left === null || line.seconds_left < 1
    ? done
    : `${done}, ${formatDuration(line.seconds_left)} left, about`;
}
