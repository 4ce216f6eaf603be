import { describe } from '../../../events/describe.js';
import { leftOutInWords, refsLeftOutOf } from '../../../events/refs-left-out.js';
import { isSynthesised } from '../../../events/synthesised-key.js';
import type { ShownDelivery, ShownDispatch } from '../../api/contract.js';
import { counted } from '../counted.js';
import { deliveryPath, editPath, withQuery } from '../paths.js';
import { view } from '../view.js';
import { Badge } from './parts/badge.js';
import { AskingButton } from './parts/button.js';
import { DISPATCHED, says } from './parts/delivery-rows.js';
import { Fold } from './parts/details.js';
import { DiffSection } from './parts/differences.js';
import { Empty } from './parts/empty.js';
import { Facts } from './parts/facts.js';
import { DeliveryLink, Link, Out, RunLink } from './parts/link.js';
import { runMood } from './parts/run-mood.js';
import { Section } from './parts/section.js';
import { Table } from './parts/table.js';
import { TextBlock } from './parts/text-block.js';
import { Moment, Time } from './parts/time.js';
import { Verdicts } from './parts/verdicts.js';

/** What became of a delivery, and why. */
export const delivery = view({
  path: '/deliveries/:id',
  read: (answers, { id, query }) => answers.delivery({ id, query: { ...query, content: 'true', diff: 'true' } }),
  show: (answer) => ({
    title: says(answer),
    body: <Delivery delivery={answer} />,
    everySeconds: answer.dispatches.some(isUnderWay) ? 5 : undefined,
  }),
});

function isUnderWay({ state, run }: ShownDispatch): boolean {
  return state === 'pending' || state === 'waiting' || run.status === 'running';
}

function Delivery({ delivery }: { readonly delivery: ShownDelivery }) {
  const { id, verdicts, dispatches, events, given = [], ignored } = delivery;
  const isEditable = delivery.eventName !== 'manual' && !isSynthesised(delivery) && !delivery.bodyDeleted;
  const isReplayable = verdicts.some(({ outcome }) => outcome !== 'filtered');
  return (
    <>
      <p class="crumbs">
        <Link to="/deliveries">Deliveries</Link>
      </p>
      <div class="head">
        <h1>{says(delivery)}</h1>
        <div class="buttons">
          {isEditable && (
            <Link class="button" to={editPath(id)} keys="e">
              Edit and explain
            </Link>
          )}
          {isReplayable && (
            <AskingButton
              action={`${deliveryPath(id)}/replay`}
              once
              keys="r"
              ask="Starts what it started once more, as new runs of the same event."
            >
              Replay
            </AskingButton>
          )}
        </div>
      </div>
      <About delivery={delivery} />
      <Section id="verdicts" title="Verdicts" count={verdicts.length}>
        {ignored !== undefined && <Empty>Ignored: {ignored}</Empty>}
        {verdicts.length > 0 && <Verdicts verdicts={verdicts} />}
      </Section>
      {dispatches.length > 0 && <Runs dispatches={dispatches} />}
      {given.length > 0 && (
        <Section id="given" title="Handed to runs that waited" count={given.length}>
          <Table label="Runs that waited for it" head={['Run', 'Waited for', 'When']}>
            {given.map(({ workflowId, title, at, ends }) => (
              <tr key={`${workflowId} ${title}`}>
                <td>
                  <RunLink run={workflowId} />
                </td>
                <td>
                  {title} {ends && <Badge mood="superseded">ends by it</Badge>}
                </td>
                <td>
                  <Time at={at} />
                </td>
              </tr>
            ))}
          </Table>
        </Section>
      )}
      {events.length > 0 && (
        <Section id="events" title="Normalised to" count={events.length}>
          {events.map((event, part) => (
            <Fold key={part} name={`event ${part}`} line={describe(event)}>
              <TextBlock text={JSON.stringify(event, undefined, 2)} />
            </Fold>
          ))}
        </Section>
      )}
      <Content delivery={delivery} />
      {delivery.diff && <DiffSection diff={delivery.diff} />}
    </>
  );
}

function About({ delivery }: { readonly delivery: ShownDelivery }) {
  const { id, key, source, eventName, receivedAt, verifiedBy, bodyBytes, bodyDeleted, events } = delivery;
  const leftOut = leftOutInWords(refsLeftOutOf(events));
  const made = events[0]?.edited;
  return (
    <Facts
      facts={[
        ['Received', <Moment key="at" at={receivedAt} />],
        [
          'From',
          <span key="source">
            source <Link to={withQuery('/deliveries', { source })}>{source}</Link> as <bdi>“{eventName}”</bdi>
          </span>,
        ],
        [
          'Verified',
          eventName === 'manual' || made
            ? undefined
            : `by ${verifiedBy?.replaceAll('`', '') ?? 'a source that is not configured any more'}`,
        ],
        [
          'Edited',
          made && (
            <span key="edited">
              by <bdi>{made.by}</bdi> from <DeliveryLink id={made.from} />: no provider has sent or signed it
            </span>
          ),
        ],
        [
          'Size',
          `${counted(bodyBytes, 'byte')}${bodyDeleted ? ', not kept any more (inbox.keepLargeBodiesDays)' : ''}`,
        ],
        ['Left out', leftOut],
        ['Key', <code key="key">{key}</code>],
        ['Id', <code key="id">{id}</code>],
      ]}
    />
  );
}

function Runs({ dispatches }: Pick<ShownDelivery, 'dispatches'>) {
  return (
    <Section id="runs" title="Runs" count={dispatches.length}>
      <Table label="Runs that it started" head={['State', 'Run', 'Why', 'Elsewhere']}>
        {dispatches.map((dispatch) => (
          <tr key={dispatch.workflowId}>
            <td>
              <RunBadge dispatch={dispatch} />
            </td>
            <td>
              <RunLink run={dispatch.workflowId} />
            </td>
            <td>
              <Why dispatch={dispatch} />
            </td>
            <td>{dispatch.run.url !== undefined && <Out href={dispatch.run.url}>Temporal</Out>}</td>
          </tr>
        ))}
      </Table>
    </Section>
  );
}

function RunBadge({ dispatch }: { readonly dispatch: ShownDispatch }) {
  if (dispatch.state !== 'done') {
    const [mood, word] = DISPATCHED[dispatch.state];
    return <Badge mood={mood}>{word}</Badge>;
  }
  const { status, outcome } = dispatch.run;
  const { mood, word } = runMood({ status, outcome });
  return <Badge mood={mood}>{word}</Badge>;
}

/** What is to be known beside the state. */
function Why({ dispatch }: { readonly dispatch: ShownDispatch }) {
  const { state, supersededBy } = dispatch;
  if (state !== 'superseded' || supersededBy === undefined) return whyOf(dispatch);
  return (
    <span>
      by <RunLink run={supersededBy} />, before it began
    </span>
  );
}

function whyOf({ state, run, error, because, place, until, attempts }: ShownDispatch): string {
  if (state === 'waiting' && until !== undefined)
    return `until ${new Date(until).toISOString()}, for more of the same, which takes its place`;
  if (state === 'waiting') return place === undefined ? '' : `place ${place} in its lane`;
  if (state === 'superseded') return 'by a newer one, before it began';
  if (state !== 'done') return [error ?? because, attempts > 1 && `${attempts} attempts`].filter(Boolean).join('; ');
  const { waitsForApproval, waitsForAway } = run;
  if (waitsForApproval !== undefined) return `waits for approval of ${waitsForApproval}`;
  if (waitsForAway !== undefined) return `waits: ${waitsForAway}`;
  return (run.error ?? run.because ?? '').split('\n')[0] ?? '';
}

/** In characters: of a body, more is in the JSON. */
const MAX_SHOWN = 16 * 1024;

function Content({ delivery }: { readonly delivery: ShownDelivery }) {
  const { headers = {}, body, isCut } = delivery.content ?? {};
  return (
    <Section id="content" title="What was sent">
      <Fold name="headers" line="Headers">
        <Facts facts={Object.entries(headers).map(([name, value]) => [name, <code key={name}>{value}</code>])} />
      </Fold>
      {body === undefined ? (
        <Empty>The body is not kept any more.</Empty>
      ) : (
        <Fold name="body" line="Body">
          <TextBlock text={body.slice(0, MAX_SHOWN)} />
          {(isCut || body.length > MAX_SHOWN) && (
            <p class="note">
              This is its beginning.{' '}
              {isCut ? 'The JSON of this page has more of it.' : 'The JSON of this page has all of it.'}
            </p>
          )}
        </Fold>
      )}
    </Section>
  );
}
