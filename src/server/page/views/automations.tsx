import type { AutomationsAnswer, ShownAutomation } from '../../api/contract.js';
import { automationPath } from '../paths.js';
import { typedQuery } from '../typed-query.js';
import { view } from '../view.js';
import { Empty } from './parts/empty.js';
import { Filter, Filters } from './parts/filters.js';
import { Link } from './parts/link.js';
import { NO_MORE, Pager } from './parts/pager.js';
import { LastRun, Passed } from './parts/statistics.js';
import { Table } from './parts/table.js';
import { lengthOf, Time } from './parts/time.js';
import { Triggers } from './parts/triggers.js';

/** Of each, Temporal is asked how its runs went. */
const AT_A_TIME = 50;

/** Automations: what starts each, and how its last runs went. */
export const automations = view({
  path: '/automations',
  navigation: { title: 'Automations', keys: 'g a' },
  read: (answers, { query }) => answers.automations({ query: { limit: AT_A_TIME, ...typedQuery(query) } }),
  show: (answer, { query }) => ({
    title: 'Automations',
    body: <Automations answer={answer} query={query} />,
    everySeconds: query.after === undefined ? 30 : undefined,
  }),
});

function Automations(props: { readonly answer: AutomationsAnswer; readonly query: Readonly<Record<string, string>> }) {
  const { answer, query } = props;
  const { automations: all, next, away } = answer;
  return (
    <>
      <h1>Automations</h1>
      <Filters>
        <Filter name="named" title="Name" keys="/" />
      </Filters>
      {away !== undefined && <p class="note">{away}</p>}
      {all.length > 0 ? (
        <Table label="Automations" head={['Automation', 'Last run', 'Passed', 'Took', 'Starts on', 'Next']}>
          {all.map((one) => (
            <Row key={one.name} automation={one} />
          ))}
        </Table>
      ) : (
        <Empty>
          {query.after !== undefined ? (
            NO_MORE
          ) : query.named !== undefined ? (
            'No automation that is loaded is called so.'
          ) : (
            <>
              No automation is loaded. Write one into the folder <code>automations</code>; docs/automations.md says how.
            </>
          )}
        </Empty>
      )}
      <Pager name="after" next={next} />
    </>
  );
}

function Row({ automation }: { readonly automation: ShownAutomation }) {
  const { name, triggers, recent, schedules = [] } = automation;
  const next = schedules.flatMap((schedule) => schedule.next).sort()[0];
  return (
    <tr>
      <td>
        <Link class="name" to={automationPath(name)}>
          {name}
        </Link>
      </td>
      <td>
        <LastRun recent={recent} />
      </td>
      <td>
        <Passed recent={recent} />
      </td>
      <td>
        {recent?.p50Ms !== undefined && (
          <span class="num" title="Half of the last runs took no longer than this">
            half within {lengthOf(recent.p50Ms)}
          </span>
        )}
      </td>
      <td>
        <Triggers triggers={triggers} />
      </td>
      <td>{next !== undefined && <Time at={next} />}</td>
    </tr>
  );
}
