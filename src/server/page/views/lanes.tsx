import type { LanesAnswer } from '../../api/contract.js';
import { view } from '../view.js';
import { Empty } from './parts/empty.js';
import { Filter, Filters } from './parts/filters.js';
import { Lane } from './parts/lane.js';
import { Pager } from './parts/pager.js';

/** Lanes: who has a slot, who waits, since when and why; paused, drained, let go on, put into another order. */
export const lanes = view({
  path: '/lanes',
  navigation: { title: 'Lanes', keys: 'g l' },
  read: (answers, { query }) => answers.lanes({ query }),
  show: (answer, { query }) => ({
    title: 'Lanes',
    body: <Lanes answer={answer} isSearched={query.named !== undefined} />,
    everySeconds: query.after === undefined ? 5 : undefined,
  }),
});

/** Runs of a lane that are shown where there are other lanes, and where there are none. */
const SHOWN = { beside: 20, alone: 500 };

function Lanes({ answer, isSearched }: { readonly answer: LanesAnswer; readonly isSearched: boolean }) {
  const { lanes: list, next } = answer;
  return (
    <>
      <h1>Lanes</h1>
      <Filters>
        <Filter name="named" title="Name" keys="/" />
      </Filters>
      {list.map((lane, index) => (
        <Lane key={lane.lane} lane={lane} place={index} most={list.length === 1 ? SHOWN.alone : SHOWN.beside} />
      ))}
      {list.length === 0 && (
        <Empty>
          {isSearched
            ? 'No lane of such a name has anybody in it.'
            : 'Nobody is in a lane, and none is held up. Runs enter the lanes that the concurrency of their automation names.'}
        </Empty>
      )}
      <Pager name="after" next={next} />
    </>
  );
}
