import type { LanesAnswer } from '../../api/contract.js';
import { typedQuery } from '../typed-query.js';
import { view } from '../view.js';
import { Empty } from './parts/empty.js';
import { Filter, Filters } from './parts/filters.js';
import { Lane } from './parts/lane.js';
import { NO_MORE, Pager } from './parts/pager.js';

/** Lanes: who has a slot, who waits, since when and why; paused, drained, let go on, put into another order. */
export const lanes = view({
  path: '/lanes',
  navigation: { title: 'Lanes', keys: 'g l' },
  read: (answers, { query }) => answers.lanes({ query: typedQuery(query) }),
  show: (answer, { query }) => ({
    title: 'Lanes',
    body: <Lanes answer={answer} query={query} behind={wholeOf(query.behind)} />,
    everySeconds: (query.after ?? query.behind) === undefined ? 5 : undefined,
  }),
});

/** Runs of a lane that are shown where there are other lanes, and where there are none. */
const SHOWN = { beside: 20, alone: 500 };

/** Returns the number of a parameter; 0 where it is none. */
function wholeOf(text = ''): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : 0;
}

function Lanes(props: {
  readonly answer: LanesAnswer;
  readonly query: Readonly<Record<string, string>>;
  /** Of a lane that is alone: runs that pages before this one have shown. */
  readonly behind: number;
}) {
  const { answer, query, behind } = props;
  const { lanes: list, next } = answer;
  const alone = list.length === 1 ? list[0] : undefined;
  const further = behind + SHOWN.alone;
  return (
    <>
      <h1>Lanes</h1>
      <Filters>
        <Filter name="named" title="Name" keys="/" />
      </Filters>
      {list.map((lane, index) => (
        <Lane
          key={lane.lane}
          lane={lane}
          place={index}
          most={alone ? SHOWN.alone : SHOWN.beside}
          {...(alone && { behind })}
        />
      ))}
      {list.length === 0 && (
        <Empty>
          {query.after !== undefined
            ? NO_MORE
            : query.named !== undefined
              ? 'No lane of such a name has anybody in it.'
              : 'Nobody is in a lane, and none is held up. Runs enter the lanes that the concurrency of their automation names.'}
        </Empty>
      )}
      {alone && <Pager name="behind" next={further < alone.entries.length ? further : undefined} />}
      <Pager name="after" next={next} />
    </>
  );
}
