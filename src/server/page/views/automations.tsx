import type { AutomationsAnswer, ShownAutomation } from '../../api/contract.js';
import { automationPath } from '../paths.js';
import { view } from '../view.js';
import { Empty } from './parts/empty.js';
import { Link } from './parts/link.js';
import { LastRun, Passed } from './parts/statistics.js';
import { Table } from './parts/table.js';
import { lengthOf, Time } from './parts/time.js';
import { Triggers } from './parts/triggers.js';

/** Automations: what starts each, and how its last runs went. */
export const automations = view({
  path: '/automations',
  navigation: { title: 'Automations', keys: 'g a' },
  read: (answers) => answers.automations(),
  show: (answer) => ({ title: 'Automations', body: <Automations answer={answer} />, everySeconds: 30 }),
});

function Automations({ answer }: { readonly answer: AutomationsAnswer }) {
  const { automations: all, away } = answer;
  return (
    <>
      <h1>Automations</h1>
      {away !== undefined && <p class="note">{away}</p>}
      {all.length > 0 ? (
        <Table label="Automations" head={['Automation', 'Last run', 'Passed', 'Took', 'Starts on', 'Next']}>
          {all.map((one) => (
            <Row key={one.name} automation={one} />
          ))}
        </Table>
      ) : (
        <Empty>
          No automation is loaded. Write one into the folder <code>automations</code>; docs/automations.md says how.
        </Empty>
      )}
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
