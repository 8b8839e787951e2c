/** The field map: what stands for each canonical field. A choice is stored at once and can be undone. */
import { Anchor, Button, SegmentedControl, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { Section } from '@/components/page/section';
import { NothingHere } from '@/components/panel/query-panel';
import { Moment } from '@/components/time/moment';
import { wordsOf } from '@/lib/api';
import { formatWhole } from '@/lib/format';
import { useMay } from '@/lib/queries/session';
import { tell } from '@/lib/toast';
import {
  type FieldLine,
  type FieldMap as Map_,
  filledQuery,
  useChooseFields,
  useValidateMap,
} from '../api/field-map';
import classes from './field-map.module.css';
import { FieldRow } from './field-row';

const FILTERS = {
  all: () => true,
  needs: (line: FieldLine) => line.state === 'missing',
  changed: (line: FieldLine) => line.recent_change !== null,
} as const;
type Filter = keyof typeof FILTERS;

const NOTHING: Record<Filter, string> = {
  all: 'The CRM’s fields have not been read yet.',
  needs: 'Every field has one that stands for it.',
  changed: 'None of these fields changed in the CRM in the last 7 days.',
};

export function FieldMap({ map }: { map: Map_ }) {
  const mayChoose = useMay('admin');
  const mayCheck = useMay('editor');
  const filled = useQuery(filledQuery);
  const { choose, refusals, busy } = useChoices();
  const validate = useValidateMap();
  const [search, setSearch] = useSearchParams();
  const asked = search.get('fields') ?? 'all';
  const filter: Filter = Object.hasOwn(FILTERS, asked) ? (asked as Filter) : 'all';
  const lines = map.fields.filter(FILTERS[filter]);
  const taken = new Map(
    map.fields.flatMap((line) =>
      line.api_name === null ? [] : [[line.api_name, line.canonical_name] as const],
    ),
  );
  const count = (which: Filter) => formatWhole(map.fields.filter(FILTERS[which]).length);
  return (
    <Section
      title="Field map"
      hint={
        <>
          Deals, {map.fields.length} required
          {map.read_at !== null && (
            <>
              , metadata read <Moment at={map.read_at} as="when" />
            </>
          )}
        </>
      }
      action={
        <div className={classes.tools}>
          <SegmentedControl
            aria-label="Which fields"
            value={filter}
            onChange={(next) => {
              setSearch(
                (now) => {
                  if (next === 'all') now.delete('fields');
                  else now.set('fields', next);
                  return now;
                },
                { replace: true },
              );
            }}
            data={[
              { value: 'all', label: `All ${count('all')}` },
              { value: 'needs', label: `Needs you ${count('needs')}` },
              { value: 'changed', label: `Changed ${count('changed')}` },
            ]}
          />
          {mayCheck && (
            <Button
              loading={validate.isPending}
              onClick={() => {
                validate.mutate();
              }}
            >
              Validate
            </Button>
          )}
        </div>
      }
    >
      {lines.length === 0 ? (
        <NothingHere>{NOTHING[filter]}</NothingHere>
      ) : (
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">We call it</th>
              <th scope="col">CRM field</th>
              <th scope="col">Type</th>
              <th scope="col" data-number>
                Filled
              </th>
              <th scope="col">State</th>
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <FieldRow
                key={line.canonical_name}
                line={line}
                candidates={map.candidates[line.kind] ?? []}
                taken={taken}
                filled={
                  filled.data
                    ? (filled.data.filled[line.canonical_name] ?? null)
                    : filled.isError
                      ? null
                      : undefined
                }
                mayChoose={mayChoose}
                isBusy={busy.has(line.canonical_name)}
                refusal={refusals.get(line.canonical_name)}
                onChoose={(apiName) => {
                  choose(line, apiName);
                }}
              />
            ))}
          </tbody>
        </table>
      )}
      <p className={classes.foot}>
        Unmapped custom fields are mirrored too: {formatWhole(map.unmapped_custom_fields)} found.
        {!mayChoose && ' An admin can change the map.'}
      </p>
    </Section>
  );
}

/** Stores choices one by one; a refused one stands under its field until the next. */
function useChoices() {
  const { mutate } = useChooseFields();
  const [refusals, setRefusals] = useState<ReadonlyMap<string, string>>(new Map());
  const [busy, setBusy] = useState<ReadonlySet<string>>(new Set());

  function store(name: string, apiName: string | null, onStored: (map: Map_) => void) {
    setBusy((now) => new Set(now).add(name));
    setRefusals((now) => new Map([...now].filter(([each]) => each !== name)));
    mutate(
      { [name]: apiName },
      {
        onSuccess: onStored,
        onError: (error) => {
          setRefusals((now) => new Map(now).set(name, wordsOf(error)));
        },
        onSettled: () => {
          setBusy((now) => new Set([...now].filter((each) => each !== name)));
        },
      },
    );
  }

  function choose(line: FieldLine, apiName: string | null) {
    const name = line.canonical_name;
    const before = line.is_chosen ? line.api_name : null;
    store(name, apiName, (map) => {
      const after = map.fields.find((each) => each.canonical_name === name)?.api_name ?? 'no field';
      tell(
        <>
          {name} is read from {after}.{' '}
          <Anchor
            component="button"
            type="button"
            inherit
            fw={600}
            onClick={() => {
              store(name, before, () => {
                tell(`${name} is as it was.`);
              });
            }}
          >
            Undo
          </Anchor>
        </>,
      );
    });
  }

  return { choose, refusals, busy };
}

export function FieldMapWaiting() {
  return (
    <Section title="Field map">
      <Skeleton h={760} />
    </Section>
  );
}
