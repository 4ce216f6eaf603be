import type { OutboundAnswer, ShownAttempt, ShownMessage } from '../../api/contract.js';
import { withQuery } from '../paths.js';
import { typedQuery } from '../typed-query.js';
import { view } from '../view.js';
import { Badge, type Mood } from './parts/badge.js';
import { AskingButton, OperatorButton } from './parts/button.js';
import { Fold } from './parts/details.js';
import { Empty } from './parts/empty.js';
import { Facts } from './parts/facts.js';
import { Filter, Filters } from './parts/filters.js';
import { Link, RunLink } from './parts/link.js';
import { NO_MORE, Pager } from './parts/pager.js';
import { Section } from './parts/section.js';
import { Table } from './parts/table.js';
import { TextBlock } from './parts/text-block.js';
import { Duration, Time } from './parts/time.js';

/** What was sent to endpoints: each message with its attempts; of one that is named, with what the endpoint answered. */
export const outbound = view({
  path: '/outbound',
  navigation: { title: 'Outbound', keys: 'g o' },
  read: (answers, { query }) => answers.outbound({ query: typedQuery(query) }),
  show: (answer, { query }) => ({
    title: 'Outbound',
    body: query.message === undefined ? <Messages answer={answer} query={query} /> : <Attempts answer={answer} />,
    // A page that was turned to does not change under the reader.
    everySeconds: query.before === undefined ? 10 : undefined,
  }),
});

function Messages(props: { readonly answer: OutboundAnswer; readonly query: Readonly<Record<string, string>> }) {
  const { answer, query } = props;
  const { messages, next } = answer;
  const isSearched = (query.endpoint ?? query.state) !== undefined;
  return (
    <>
      <h1>Outbound</h1>
      <Filters>
        <Filter name="endpoint" title="Endpoint" keys="/" />
        <Filter name="message" title="Message" />
        <Filter name="state" title="State" options={Object.keys(STATES)} />
      </Filters>
      {messages.length > 0 ? (
        <Table label="Messages, newest first" head={['State', 'Message', 'Endpoint', 'Last attempt', 'Said', 'Run']}>
          {messages.map((message) => (
            <MessageRow key={`${message.endpoint} ${message.message}`} message={message} />
          ))}
        </Table>
      ) : (
        <Empty>
          {next !== undefined
            ? 'No message of the newest attempts is like that. The next page looks through those that were made earlier.'
            : query.before !== undefined
              ? NO_MORE
              : isSearched
                ? 'No message is like that; attempts are kept for inbox.keepDays, 45 days unless set.'
                : 'Nothing was sent yet. An automation sends signed messages to the endpoints of the configuration.'}
        </Empty>
      )}
      <Pager name="before" next={next} />
    </>
  );
}

function MessageRow({ message: shown }: { readonly message: ShownMessage }) {
  const { message, endpoint, run, state, attempts } = shown;
  const [last] = attempts;
  return (
    <tr>
      <td>
        <Badge mood={STATES[state]}>{state}</Badge>
      </td>
      <td>
        <Link class="name" to={withQuery('/outbound', { endpoint, message })}>
          {message}
        </Link>
      </td>
      <td class="whole">{endpoint}</td>
      <td>
        {last && (
          <>
            <Time at={last.at} />, number {last.attempt}
          </>
        )}
      </td>
      <td>{last && <Said attempt={last} />}</td>
      <td>{run !== undefined && <RunLink run={run} />}</td>
    </tr>
  );
}

const STATES = { delivered: 'passed', refused: 'failed', failing: 'waiting' } as const satisfies Record<
  ShownMessage['state'],
  Mood
>;

/** What came of an attempt. */
function Said({ attempt: { status, error } }: { readonly attempt: ShownAttempt }) {
  return (
    <>
      {status !== undefined && <span class="num">answered {status} </span>}
      {error}
    </>
  );
}

function Attempts({ answer }: { readonly answer: OutboundAnswer }) {
  const [named] = answer.messages;
  return (
    <>
      <p class="crumbs">
        <Link to="/outbound">Outbound</Link>
      </p>
      <h1>{named?.message ?? 'No such message'}</h1>
      {answer.messages.length === 0 && (
        <Empty>No message of this name was sent, or its attempts are not kept any more.</Empty>
      )}
      {answer.messages.map((message, index) => (
        <OneMessage key={message.endpoint} message={message} place={index} isAll={answer.more === undefined} />
      ))}
      <Pager name="before" next={answer.next} />
    </>
  );
}

function OneMessage(props: {
  readonly message: ShownMessage;
  readonly place: number;
  /** All of its attempts are here. */
  readonly isAll: boolean;
}) {
  const { message, place, isAll } = props;
  const { endpoint, run, state, attempts } = message;
  const named = { message: message.message, endpoint };
  return (
    <Section id={`to-${place}`} title={`To ${endpoint}`} count={isAll ? attempts.length : undefined}>
      <Facts
        facts={[
          [
            'State',
            <Badge key="state" mood={STATES[state]}>
              {state}
            </Badge>,
          ],
          ['Run', run !== undefined && <RunLink key="run" run={run} />],
        ]}
      />
      {state !== 'delivered' && run !== undefined && (
        <div class="buttons">
          {state === 'failing' && (
            <OperatorButton action="/outbound/retry" fields={named} keys="r">
              Retry now
            </OperatorButton>
          )}
          <AskingButton
            action="/outbound/resend"
            fields={named}
            of={endpoint}
            keys="s"
            ask="Sends a message that was given up with the same content and the same webhook-id, up to eight times."
          >
            Send anew
          </AskingButton>
        </div>
      )}
      {attempts.map((attempt) => (
        <Fold
          key={`${attempt.attempt} ${attempt.at}`}
          name={`${endpoint} ${attempt.attempt} ${attempt.at}`}
          open={attempt.answer !== undefined && attempts.length === 1}
          line={
            <>
              Attempt {attempt.attempt}, <Time at={attempt.at} />, took <Duration ms={attempt.durationMs} />:{' '}
              <Said attempt={attempt} />
            </>
          }
        >
          {attempt.answer !== undefined && attempt.answer !== '' ? (
            <TextBlock text={attempt.answer} />
          ) : (
            <p class="dim">It answered nothing.</p>
          )}
        </Fold>
      ))}
    </Section>
  );
}
