/**
 * Closing dates that were moved later and those that have passed: how much, and which deals. A sum is
 * a choice: it lists its deals below.
 */
import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Section } from '@/components/page/section';
import { NothingHere, QueryPanel } from '@/components/panel/query-panel';
import { formatWhole, symbolOf } from '@/lib/format';
import { useNow } from '@/lib/now';
import { SHOWN, type SlipKind, type Slips as Found, slipsQuery } from '../../api/slips';
import { questionOf, withParam } from '@/lib/pipeline-address';
import { SlipsDrawer } from './slips-drawer';
import { SlipsTable } from './slips-table';
import { hintOf, KIND_WORDS, NOTHING, sumsOf } from './words';
import classes from './slips.module.css';

const HEIGHT = 300;
/** Which deals are listed, in the address. */
const SLIPS = 'slips';

type SlipsProps = { params: URLSearchParams; onChange: (params: URLSearchParams) => void };

const KINDS: readonly SlipKind[] = ['moved', 'moved_out', 'overdue'];

export function Slips({ params, onChange }: SlipsProps) {
  const now = useNow('minute');
  const question = questionOf(params);
  const [isWhole, showWhole] = useState(false);
  const wanted = KINDS.find((kind) => kind === params.get(SLIPS)) ?? 'moved';
  const slips = useQuery(slipsQuery(question, wanted));
  const found = slips.data;
  const kinds = found === undefined ? KINDS : sumsOf(found).map(({ kind }) => kind);
  // Without a comparison nothing was moved: what is overdue is all that there is to see.
  const isThere = kinds.includes(wanted);
  const overdue = useQuery({ ...slipsQuery(question, 'overdue'), enabled: !isThere });
  const kind = isThere ? wanted : 'overdue';
  const listed = isThere ? slips : overdue;
  return (
    <div className={classes.whole}>
      <Section
        title="Slipped and pushed deals"
        hint={found && hintOf(found, now)}
        action={
          listed.data !== undefined &&
          listed.data.count > SHOWN && (
            <button
              type="button"
              className={classes.all}
              onClick={() => {
                showWhole(true);
              }}
            >
              All {formatWhole(listed.data.count)}
            </button>
          )
        }
      >
        <QueryPanel
          query={listed}
          failed="The slipped deals could not be read"
          minHeight={HEIGHT}
          skeleton={<Skeleton height={HEIGHT} />}
        >
          {(shown) => (
            <>
              {shown.comparison.missing_because !== null && (
                <NothingHere>{shown.comparison.missing_because}</NothingHere>
              )}
              <Sums
                slips={shown}
                kind={kind}
                onChoose={(chosen) => {
                  onChange(withParam(params, SLIPS, chosen === 'moved' ? null : chosen));
                }}
              />
              {shown.items.length === 0 ? (
                <NothingHere>{NOTHING[kind]}</NothingHere>
              ) : (
                <SlipsTable
                  kind={kind}
                  deals={shown.items}
                  currency={shown.basis.base_currency}
                  isOld={listed.isPlaceholderData}
                />
              )}
              <SlipsDrawer
                isOpen={isWhole}
                kind={kind}
                question={question}
                onClose={() => {
                  showWhole(false);
                }}
              />
            </>
          )}
        </QueryPanel>
      </Section>
    </div>
  );
}

type SumsProps = { slips: Found; kind: SlipKind; onChoose: (kind: SlipKind) => void };

function Sums({ slips, kind: chosen, onChoose }: SumsProps) {
  return (
    <div className={classes.sums} role="group" aria-label="Which deals">
      {sumsOf(slips).map(({ kind, value, fact }) => (
        <button
          key={kind}
          type="button"
          className={classes.sum}
          aria-pressed={kind === chosen}
          onClick={() => {
            onChoose(kind);
          }}
        >
          <span className={classes.label}>{KIND_WORDS[kind]}</span>
          <span className={classes.figure}>
            <span className={classes.unit}>{symbolOf(slips.basis.base_currency)}</span>
            {formatWhole(value)}
          </span>
          <span className={classes.fact}>{fact}</span>
        </button>
      ))}
    </div>
  );
}
