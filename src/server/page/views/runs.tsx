import { RUN_OUTCOMES } from '../../../events/event.js';
import { WAITING_FOR } from '../../../runs/search-attributes.js';
import type { RunsAnswer } from '../../api/contract.js';
import { view } from '../view.js';
import { Empty } from './parts/empty.js';
import { Filter, Filters } from './parts/filters.js';
import { Pager } from './parts/pager.js';
import { RunRows } from './parts/run-rows.js';

/** Runs, the open ones first, found by what the address says. */
export const runs = view({
  path: '/runs',
  navigation: { title: 'Runs', keys: 'g r' },
  read: (answers, { query }) => answers.runs({ query }),
  show: (answer, { query }) => ({
    title: 'Runs',
    body: <Runs answer={answer} isSearched={Object.keys(query).length > 0} />,
    everySeconds: query.page === undefined ? 10 : undefined,
  }),
});

function Runs({ answer, isSearched }: { readonly answer: RunsAnswer; readonly isSearched: boolean }) {
  return (
    <>
      <h1>Runs</h1>
      <Filters>
        <Filter name="repository" title="Repository" keys="/" />
        <Filter name="branch" title="Branch" />
        <Filter name="automation" title="Automation" />
        <Filter name="outcome" title="Outcome" options={RUN_OUTCOMES} />
        <Filter name="waiting" title="Waits for" options={[...WAITING_FOR, 'anything']} />
      </Filters>
      {answer.runs.length > 0 ? (
        <RunRows runs={answer.runs} label="Runs, the open ones first" />
      ) : (
        <Empty>
          {isSearched ? (
            'No run is like that. Temporal keeps runs that have ended for a while, three days unless set.'
          ) : (
            <>
              Nothing has run yet. <code>npx hookyard demo</code> makes a first run.
            </>
          )}
        </Empty>
      )}
      <Pager name="page" next={answer.next} />
    </>
  );
}
