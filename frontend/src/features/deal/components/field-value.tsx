/** What a field of a deal holds, by its type: links, chips, tables, exact amounts. */
import { Fragment } from 'react';
import { Moment } from '@/components/time/moment';
import { formatNumber, NONE, placesOf } from '@/lib/format';
import { useNow } from '@/lib/now';
import type { DealField, Value } from '../api/deal';
import { valueText } from '@/lib/value-text';
import classes from './field-value.module.css';

export function FieldValue({ field }: { field: DealField }) {
  if (field.value === null) {
    return <span className={classes.empty}>{field.applies ? 'Empty' : NONE}</span>;
  }
  return <Shown value={field.value} />;
}

function Shown({ value }: { value: Value }) {
  const now = useNow('minute');
  switch (value.kind) {
    case 'money':
      return (
        <>
          {formatNumber(value.amount, placesOf(value.currency ?? 'SGD'))}{' '}
          <span className={classes.code}>{value.currency ?? 'no currency'}</span>
        </>
      );
    case 'instant':
      return <Moment at={value.at} as="when" />;
    case 'paragraph':
      return <Paragraph text={value.text} />;
    case 'email':
      return <a href={`mailto:${value.text}`}>{value.text}</a>;
    case 'phone':
      return <a href={`tel:${value.text.replaceAll(/[^\d+]/g, '')}`}>{value.text}</a>;
    case 'url':
      return <WebLink text={value.text} />;
    case 'choices':
      return (
        <span className={classes.chips}>
          {value.choices.map((choice) => (
            <span key={choice.value} className={classes.chip}>
              {choice.label}
            </span>
          ))}
        </span>
      );
    case 'references':
      return value.records.map((record, index) => (
        <Fragment key={record.id}>
          {index > 0 && ', '}
          {record.name ?? <span className={classes.code}>{record.id}</span>}
        </Fragment>
      ));
    case 'reference':
      return value.record.name ?? <span className={classes.code}>{value.record.id}</span>;
    case 'table':
      return <Rows table={value} />;
    default:
      return valueText(value, now);
  }
}

const LONG = 220;

function Paragraph({ text }: { text: string }) {
  if (text.length <= LONG) return <span className={classes.paragraph}>{text}</span>;
  return (
    <details className={classes.long}>
      <summary>
        <span className={classes.start}>{text.slice(0, LONG).trimEnd()}…</span>
      </summary>
      <span className={classes.paragraph}>{text}</span>
    </details>
  );
}

/** Only addresses of the web become links: a field may hold anything. */
function WebLink({ text }: { text: string }) {
  const address = /^https?:\/\//i.test(text) ? text : `https://${text}`;
  if (!URL.canParse(address)) return text;
  return (
    <a href={address} target="_blank" rel="noreferrer noopener">
      {text}
    </a>
  );
}

function Rows({ table }: { table: Extract<Value, { kind: 'table' }> }) {
  return (
    <table className={classes.rows}>
      <thead>
        <tr>
          {table.columns.map((column) => (
            <th key={column.value} scope="col">
              {column.label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {table.rows.map((row, index) => (
          // Rows of a subform have no identity of their own here, only their order.
          <tr key={index}>
            {table.columns.map((column, place) => (
              <td key={column.value}>{row[place] ?? NONE}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
