/** How deals go through the stages: how many go on, how long they stay, what that earns a day. */
import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ChartFrame } from '@/components/charts/chart-frame';
import { Section } from '@/components/page/section';
import { NothingHere, QueryPanel } from '@/components/panel/query-panel';
import { formatDayFull } from '@/lib/format';
import { type Became, stagesQuery, type Stages as Found } from '../../api/stages';
import { questionOf } from '@/lib/pipeline-address';
import { HistoryLine } from './history-line';
import { type Opened, StageDrawer } from './stage-drawer';
import { StageRows } from './stage-rows';
import { StageTable } from './stage-table';
import { Velocity } from './velocity';
import { conclusionOf, leftOutWords, originWords, shownStages } from './words';
import classes from './stages.module.css';

const HEIGHT = 300;

export function Stages({ params }: { params: URLSearchParams }) {
  const question = questionOf(params);
  const stages = useQuery(stagesQuery(question));
  const [opened, open] = useState<Opened | null>(null);
  return (
    <div className={classes.whole}>
      <Section title="Stages" hint={stages.data && hintOf(stages.data)} action={<Legend />}>
        <QueryPanel
          query={stages}
          failed="The stages could not be computed"
          minHeight={HEIGHT}
          skeleton={<Skeleton height={HEIGHT} />}
        >
          {(found) => (
            <>
              <HistoryLine history={found.history} />
              {shownStages(found).length === 0 ? (
                <NothingHere>
                  No deal that matches these filters entered a stage in these twelve months.
                </NothingHere>
              ) : (
                <>
                  <Velocity stages={found} params={params} />
                  <ChartFrame
                    conclusion={conclusionOf(found)}
                    chart={
                      <StageRows
                        stages={found}
                        onOpen={(stage, became: Became | null) => {
                          open({ stage, became });
                        }}
                      />
                    }
                    table={<StageTable stages={found} />}
                    note={`${originWords(found)}. Stays that go on count as unfinished (Kaplan–Meier).`}
                  />
                </>
              )}
              <StageDrawer
                stages={found}
                question={question}
                opened={opened}
                onClose={() => {
                  open(null);
                }}
              />
            </>
          )}
        </QueryPanel>
      </Section>
    </div>
  );
}

/** `entered since 17 Aug 2025, whatever their closing date and outcome`. */
function hintOf(found: Found): string {
  const since = `entered since ${formatDayFull(found.window.start.slice(0, 10))}`;
  const leftOut = leftOutWords(found);
  return leftOut === null ? since : `${since}, ${leftOut}`;
}

function Legend() {
  return (
    <span className={classes.legend}>
      {(
        [
          ['onward', 'went on or won'],
          ['still', 'still there'],
          ['back', 'went back'],
          ['lost', 'lost'],
        ] as const
      ).map(([look, words]) => (
        <span key={look} className={classes.key}>
          <span className={classes.swatch} data-look={look} aria-hidden />
          {words}
        </span>
      ))}
    </span>
  );
}
