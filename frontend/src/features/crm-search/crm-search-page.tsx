/** Search in the CRM itself, without a sync: what it finds refreshes the mirror. */
import { Button, Skeleton } from '@mantine/core';
import { useInfiniteQuery, useIsFetching, useQuery, useQueryClient } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { Note } from '@/components/note/note';
import { Page } from '@/components/page/page';
import { NothingHere, QueryPanel } from '@/components/panel/query-panel';
import { ApiProblem, wordsOf } from '@/lib/api';
import { formatWhole } from '@/lib/format';
import { type Asked, searchableFieldsQuery, searchQuery } from './api/search';
import { Results } from './components/results';
import { SearchForm } from './components/search-form';
import classes from './components/search.module.css';
import { askedOf, draftOf, paramsOf } from './lib/asked';

const REFUSED = 400;

export default function CrmSearchPage() {
  const [params, setParams] = useSearchParams();
  const draft = draftOf(params);
  const fields = useQuery(searchableFieldsQuery);
  const asked = askedOf(draft);
  const queries = useQueryClient();
  const isBusy = useIsFetching({ queryKey: searchQuery(asked).queryKey }) > 0;
  return (
    <Page
      title="Search in the CRM"
      lede="Straight to the CRM, for what the mirror does not hold yet. Its index lags behind changes by some seconds."
    >
      <QueryPanel
        query={fields}
        failed="The fields could not be read"
        skeleton={<Skeleton h={110} />}
        minHeight={110}
      >
        {(found) => (
          <SearchForm
            key={params.toString()}
            start={draft}
            fields={found.fields}
            isBusy={isBusy}
            onSearch={(next) => {
              const after = paramsOf(next);
              if (after.toString() === params.toString())
                void queries.resetQueries({ queryKey: searchQuery(asked).queryKey });
              else setParams(after);
            }}
          />
        )}
      </QueryPanel>
      <Found asked={asked} />
    </Page>
  );
}

function Found({ asked }: { asked: Asked | null }) {
  const search = useInfiniteQuery(searchQuery(asked));
  if (asked === null) return null;
  if (search.isError && !search.isFetchNextPageError) {
    const isRefused = search.error instanceof ApiProblem && search.error.status === REFUSED;
    return (
      <div className={classes.notes}>
        <Note
          kind="failing"
          action={
            // Each try costs credits, so nothing but a person repeats it.
            !isRefused && (
              <Button loading={search.isFetching} onClick={() => void search.refetch()}>
                Search again
              </Button>
            )
          }
        >
          {wordsOf(search.error)}
        </Note>
      </div>
    );
  }
  if (search.data === undefined) return <Skeleton h={240} mt={12} />;
  const deals = search.data.pages.flatMap(({ items }) => items);
  const last = search.data.pages.at(-1);
  if (deals.length === 0) {
    return (
      <NothingHere>The CRM finds no deal. A change of the last seconds may be missing.</NothingHere>
    );
  }
  return (
    <>
      {last?.refreshed === false && (
        <div className={classes.notes}>
          <Note kind="info">
            Sync mode is local to CRM: the mirror takes over nothing of what is found.
          </Note>
        </div>
      )}
      <Results deals={deals} />
      <div className={classes.foot}>
        <span role="status">
          {formatWhole(deals.length)} {deals.length === 1 ? 'deal' : 'deals'}
          {search.hasNextPage ? ' so far' : ' found'}
        </span>
        {search.hasNextPage && (
          <Button loading={search.isFetchingNextPage} onClick={() => void search.fetchNextPage()}>
            Next 50
          </Button>
        )}
        {last?.is_at_the_end === true && (
          <span>The CRM’s search ends after 2,000 deals. Narrow it to see others.</span>
        )}
        {search.isFetchNextPageError && <span role="alert">{wordsOf(search.error)}</span>}
      </div>
    </>
  );
}
