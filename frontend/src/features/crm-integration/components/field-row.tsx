/** One canonical field: what stands for it, how full it is, and what is to be done about it. */
import { Button, Skeleton } from '@mantine/core';
import { IconCheck, IconLock } from '@tabler/icons-react';
import { Moment } from '@/components/time/moment';
import { formatShare, NONE } from '@/lib/format';
import type { Candidate, FieldLine } from '../api/field-map';
import { stateName, typeName, typeOf } from '../lib/words';
import classes from './field-map.module.css';
import { FieldPicker } from './field-picker';

type FieldRowProps = {
  line: FieldLine;
  candidates: readonly Candidate[];
  taken: ReadonlyMap<string, string>;
  /** Share of deals with a value; undefined while it is counted. */
  filled: number | null | undefined;
  mayChoose: boolean;
  isBusy: boolean;
  /** Why the last choice for this field was refused. */
  refusal: string | undefined;
  onChoose: (apiName: string | null) => void;
};

export function FieldRow(props: FieldRowProps) {
  const { line, filled } = props;
  return (
    <tr data-missing={line.state === 'missing' || undefined}>
      <th scope="row">{line.canonical_name}</th>
      <td>
        <Mapped {...props} />
        {props.refusal !== undefined && (
          <span className={classes.refusal} role="alert">
            {props.refusal}
          </span>
        )}
      </td>
      <td className={classes.dim}>{typeOf(line)}</td>
      <td data-number>
        {filled === undefined ? (
          <Skeleton component="span" display="inline-block" h={10} w={44} />
        ) : filled === null || line.state === 'missing' ? (
          NONE
        ) : (
          formatShare(filled)
        )}
      </td>
      <td>
        <State {...props} />
      </td>
    </tr>
  );
}

function Mapped({ line, mayChoose, ...picker }: FieldRowProps) {
  if (line.is_fixed || !mayChoose) {
    return (
      <span className={classes.fixed}>
        {line.api_name ?? NONE}
        {line.is_fixed && (
          <span
            role="img"
            aria-label="The CRM’s own"
            title="The CRM’s own id or stamp: nothing else can stand for it"
          >
            <IconLock size={13} stroke={1.7} aria-hidden />
          </span>
        )}
      </span>
    );
  }
  return <FieldPicker line={line} {...picker} />;
}

function State({ line, mayChoose, isBusy, onChoose }: FieldRowProps) {
  if (line.state === 'missing') {
    const { proposal } = line;
    return (
      <span className={classes.missing}>
        Missing.
        {proposal !== null && (
          <>
            {' '}
            {proposal.api_name}?{' '}
            {mayChoose && (
              <Button
                size="compact-xs"
                disabled={isBusy}
                aria-label={`Use ${proposal.api_name} for ${line.canonical_name}`}
                onClick={() => {
                  onChoose(proposal.api_name);
                }}
              >
                Use it
              </Button>
            )}
            <span className={classes.reason}>{proposal.reason}</span>
          </>
        )}
      </span>
    );
  }
  return (
    <span className={classes.state}>
      <IconCheck size={15} stroke={1.7} aria-hidden />
      <span>
        {stateName(line.state)}
        {line.recent_change !== null && <Change line={line} change={line.recent_change} />}
      </span>
    </span>
  );
}

function Change({
  line,
  change,
}: {
  line: FieldLine;
  change: NonNullable<FieldLine['recent_change']>;
}) {
  const what =
    change.kind === 'renamed' && change.before !== null
      ? `renamed from ${change.before}`
      : change.kind === 'retyped' && change.before !== null && line.data_type !== null
        ? `${typeName(change.before)} before`
        : change.kind;
  return (
    <span className={classes.reason}>
      {what}, <Moment at={change.noticed_at} as="when" />
    </span>
  );
}
