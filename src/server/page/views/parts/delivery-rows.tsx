import { describe } from '../../../../events/describe.js';
import type { DeliveryRecord } from '../../../../store/store.js';
import { Badge, type Mood } from './badge.js';
import { DeliveryLink } from './link.js';
import { Apart } from './spaced.js';
import { Table } from './table.js';
import { Time } from './time.js';

/** Deliveries, a row each. `label`: which they are. */
export function DeliveryRows(props: { readonly deliveries: readonly DeliveryRecord[]; readonly label: string }) {
  return (
    <Table label={props.label} head={['Received', 'What happened', 'What became of it', 'Source']}>
      {props.deliveries.map((delivery) => (
        <DeliveryRow key={delivery.id} delivery={delivery} />
      ))}
    </Table>
  );
}

function DeliveryRow({ delivery }: { readonly delivery: DeliveryRecord }) {
  const { id, receivedAt, source, eventName } = delivery;
  return (
    <tr>
      <td>
        <Time at={receivedAt} />
      </td>
      <td>
        <DeliveryLink id={id}>{says(delivery)}</DeliveryLink>
      </td>
      <td>
        <Became delivery={delivery} />
      </td>
      <td>
        {source} <span class="dim">{eventName}</span>
      </td>
    </tr>
  );
}

/** Returns in words what a delivery says: its event, the first of several, or that there is none. */
export function says({ events, eventName, ignored }: DeliveryRecord): string {
  const [first, ...more] = events;
  if (!first) return ignored === undefined ? eventName : `${eventName}: ignored`;
  return more.length > 0 ? `${describe(first)}, and ${more.length} more` : describe(first);
}

/** What became of a delivery: a badge for each automation that it starts, and how many it does not. */
function Became({ delivery }: { readonly delivery: DeliveryRecord }) {
  const { dispatches, verdicts, ignored, given = [] } = delivery;
  const filtered = verdicts.filter(({ outcome }) => outcome === 'filtered').length;
  return (
    <span class="badges">
      <Apart>
        {ignored !== undefined && <Badge mood="skipped">ignored</Badge>}
        {dispatches.map(({ workflowId, automation, state }) => (
          <Badge key={workflowId} mood={DISPATCHED[state][0]}>
            {automation} {DISPATCHED[state][1]}
          </Badge>
        ))}
        {given.length > 0 && <Badge mood="passed">{given.length} waited for it</Badge>}
        {filtered > 0 && <span class="dim">{filtered} filtered</span>}
      </Apart>
    </span>
  );
}

/** How a start stands, and the word for it. */
export const DISPATCHED = {
  pending: ['waiting', 'to be started'],
  done: ['passed', 'started'],
  failed: ['failed', 'could not be started'],
  waiting: ['waiting', 'in its lane'],
  superseded: ['superseded', 'superseded'],
  refused: ['failed', 'refused'],
} as const satisfies Record<DeliveryRecord['dispatches'][number]['state'], readonly [Mood, string]>;
