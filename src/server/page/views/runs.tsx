import { RUN_OUTCOMES } from '../../../events/event.js';
import { WAITING_FOR } from '../../../runs/search-attributes.js';
import type { RunsAnswer, WaitingRun } from '../../api/contract.js';
import { typedQuery } from '../typed-query.js';
import { view } from '../view.js';
import { Empty } from './parts/empty.js';
import { Filter, Filters } from './parts/filters.js';
import { Link } from './parts/link.js';
import { NO_MORE, Pager } from './parts/pager.js';
import { RunRows } from './parts/run-rows.js';

/** Runs, the open ones first, found by what the address says. */
export const runs = view({
  path: '/runs',
  navigation: { title: 'Runs', keys: 'g r' },
  read: (answers, { query }) => {
    const { pullRequest, ...typed } = typedQuery(query);
    // As lists show it.
    const number = pullRequest?.replace(/^#/, '');
    return answers.runs({ query: { ...typed, ...(number !== undefined && { pullRequest: number }) } });
  },
  show: (answer, { query }) => ({
    title: 'Runs',
    body: <Runs answer={answer} query={query} />,
    everySeconds: query.page === undefined ? 10 : undefined,
  }),
});

function Runs({ answer, query }: { readonly answer: RunsAnswer; readonly query: Readonly<Record<string, string>> }) {
  const listed = [...(answer.notBegun ?? []).map(asRow), ...answer.runs];
  return (
    <>
      <h1>Runs</h1>
      <Filters>
        <Filter name="repository" title="Repository" keys="/" />
        <Filter name="branch" title="Branch" />
        <Filter name="automation" title="Automation" />
        <Filter name="pullRequest" title="Pull request" />
        <Filter name="outcome" title="Outcome" options={[...RUN_OUTCOMES, 'red']} />
        <Filter name="waiting" title="Waits for" options={[...WAITING_FOR, 'anything', 'nothing']} />
        <Filter name="since" title="Began since" hint="2h or 3d" />
        <Filter name="endedSince" title="Ended since" hint="2h or 3d" />
      </Filters>
      {listed.length > 0 ? (
        <RunRows runs={listed} label="Runs, the open ones first" />
      ) : (
        <Empty>
          {query.page !== undefined ? (
            NO_MORE
          ) : Object.keys(query).length > 0 ? (
            <>
              No run is like that. Temporal keeps runs that have ended for a while, three days unless set.
              {(query.branch ?? query.automation) !== undefined &&
                ' Branches and automations are found as they are spelled, in capital and small letters.'}
            </>
          ) : (
            <>
              Nothing has run yet. <code>npx hookyard demo</code> makes a first run.
            </>
          )}
        </Empty>
      )}
      {answer.moreNotBegun && (
        <p>
          More wait to begin: <Link to="/lanes">the lanes</Link> count them.
        </p>
      )}
      <Pager name="page" next={answer.next} />
    </>
  );
}

function asRow({ since, ...run }: WaitingRun) {
  return { ...run, status: 'waiting', startedAt: since } as const;
}
