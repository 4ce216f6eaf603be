import type { RunState, ShownApproval, WholeRunAnswer } from '../../api/contract.js';
import { useAround } from '../context.js';
import { logPath } from '../paths.js';
import { publicRun } from '../public-run.js';
import { view } from '../view.js';
import { ApprovalForm } from './parts/approval-form.js';
import { Badge, type Mood } from './parts/badge.js';
import { AskingButton, OperatorButton } from './parts/button.js';
import { Facts } from './parts/facts.js';
import { DeliveryLink, Link, Out, RunLink } from './parts/link.js';
import { runMood } from './parts/run-mood.js';
import { AboutRun } from './parts/run-rows.js';
import { Section } from './parts/section.js';
import { Table } from './parts/table.js';
import { Tests } from './parts/tests.js';
import { TextBlock } from './parts/text-block.js';
import { Duration, Time } from './parts/time.js';
import { Timeline } from './parts/timeline.js';

/** A run: how it stands, what it waits for, what went wrong, what it has led to. */
export const run = view({
  path: '/runs/*id',
  read: (answers, { id }) => answers.wholeRun({ query: { name: id } }),
  // A name may mean another run than the one of this id.
  forAll: (answer, { id }) => (answer.run === id ? publicRun(answer) : undefined),
  show: (answer) => ({
    title: `${moodOf(answer).word}: ${answer.run}`,
    body: <Run answer={answer} />,
    everySeconds: isOpen(answer.state) ? 3 : undefined,
  }),
});

function moodOf({ state, about }: WholeRunAnswer) {
  return runMood({ status: state.status, outcome: state.outcome ?? about?.outcome, waitsFor: about?.waitsFor });
}

function isOpen({ status }: RunState): boolean {
  return status === 'running' || status === 'waiting' || status === 'unknown';
}

function Run({ answer }: { readonly answer: WholeRunAnswer }) {
  const { run: id, state, about } = answer;
  const { mood, word } = moodOf(answer);
  const { approvals = [], troubles = [], ledTo = [], error, because } = state;
  const isWrong = error !== undefined && mood !== 'superseded' && mood !== 'cancelled';
  return (
    <>
      <p class="crumbs">
        <Link to="/runs">Runs</Link>
      </p>
      <div class="head">
        <h1>
          <Badge mood={mood}>{word}</Badge> {about?.automation ?? answer.automation ?? id}
        </h1>
        <Actions answer={answer} />
      </div>
      <About answer={answer} />
      {(error ?? because) !== undefined && (
        <Section id="why" title={isWrong ? 'What went wrong' : 'Why'}>
          <Why text={error ?? because ?? ''} isWrong={isWrong} isTold={hasTests(answer)} />
        </Section>
      )}
      {troubles.length > 0 && (
        <Section id="troubles" title="Not done" count={troubles.length}>
          <ul>
            {troubles.map((trouble) => (
              <li key={trouble}>{trouble}</li>
            ))}
          </ul>
        </Section>
      )}
      <Waits answer={answer} />
      {approvals.length > 0 && (
        <Section id="approvals" title="Approvals" count={approvals.length}>
          {approvals.map((approval) => (
            <Approval key={`${approval.name} ${approval.askedAt}`} run={id} approval={approval} />
          ))}
        </Section>
      )}
      {answer.timeline && answer.timeline.length > 0 ? (
        <>
          <Tests timeline={answer.timeline} />
          <Timeline run={id} timeline={answer.timeline} />
        </>
      ) : (
        <Steps result={state.result} />
      )}
      {ledTo.length > 0 && (
        <Section id="led-to" title="Led to" count={ledTo.length}>
          <Table label="Runs that it has led to" head={['State', 'Automation', 'Run']}>
            {ledTo.map((led) => (
              <tr key={led.run}>
                <td>
                  <Badge mood={runMood(led).mood}>{runMood(led).word}</Badge>
                </td>
                <td>{led.automation}</td>
                <td>
                  <RunLink run={led.run} />
                </td>
              </tr>
            ))}
          </Table>
        </Section>
      )}
    </>
  );
}

/** The first line says it; what follows are the last lines of a log, which tests that are told of say better. */
function Why({
  text,
  isWrong,
  isTold,
}: {
  readonly text: string;
  readonly isWrong: boolean;
  readonly isTold: boolean;
}) {
  const [first = '', ...more] = text.split('\n');
  if (!isTold || more.length === 0) return <TextBlock text={text} isWrong={isWrong} />;
  return (
    <>
      <TextBlock text={first} isWrong={isWrong} />
      <details>
        <summary>{more.length === 1 ? 'The last line of its log' : `The last ${more.length} lines of its log`}</summary>
        <TextBlock text={more.join('\n')} />
      </details>
    </>
  );
}

function hasTests({ timeline = [] }: WholeRunAnswer): boolean {
  return timeline.some(({ step }) => step?.tests?.cases.some(({ outcome }) => outcome === 'failed'));
}

function Actions({ answer }: { readonly answer: WholeRunAnswer }) {
  const { run: id, state, delivery } = answer;
  const hasFailed = state.status === 'failed' || state.status === 'timed out';
  return (
    <div class="buttons">
      {delivery !== undefined && !isOpen(state) && (
        <OperatorButton action="/runs/rerun" fields={{ name: id }} keys="r" kind={hasFailed ? 'main' : undefined}>
          Run again
        </OperatorButton>
      )}
      {delivery !== undefined && hasFailed && (
        <OperatorButton action="/runs/rerun" fields={{ name: id, fromFailed: 'true' }}>
          Go on from what failed
        </OperatorButton>
      )}
      {isOpen(state) && (
        <AskingButton action="/runs/cancel" fields={{ run: id }} keys="c" ask="Its statuses will say who cancelled it.">
          Cancel
        </AskingButton>
      )}
    </div>
  );
}

function About({ answer }: { readonly answer: WholeRunAnswer }) {
  const { now } = useAround();
  const { run: id, state, about, delivery, jobs } = answer;
  const end = about?.endedAt === undefined ? now : Date.parse(about.endedAt);
  return (
    <Facts
      facts={[
        ['About', about && <AboutRun key="about" run={about} />],
        ['Started', about && <Time key="at" at={about.startedAt} />],
        ['Took', about && <Duration key="took" ms={end - Date.parse(about.startedAt)} />],
        ['Delivery', delivery !== undefined && <DeliveryLink key="delivery" id={delivery} />],
        [
          'Log',
          jobs.length > 0 && (
            <span key="log" class="about">
              {jobs.map((job) => (
                <Link key={job} to={logPath({ run: id, job })}>
                  {job}
                </Link>
              ))}
            </span>
          ),
        ],
        ['Id', <code key="id">{id}</code>],
        [
          'Temporal',
          state.url !== undefined && (
            <Out key="ui" href={state.url}>
              its history, step by step
            </Out>
          ),
        ],
      ]}
    />
  );
}

/** What has to happen before it goes on. */
function Waits({ answer }: { readonly answer: WholeRunAnswer }) {
  const { run: id, state } = answer;
  const { inLane } = answer;
  const { waitsForApproval, waitsForAway, waitsFor = [], retried = [] } = state;
  if (!waitsForApproval && !waitsForAway && !inLane && waitsFor.length + retried.length === 0) return null;
  return (
    <Section id="waits" title="Waits">
      {waitsForApproval !== undefined && (
        <ApprovalForm run={id} sha={waitsForApproval}>
          Code from a fork: somebody has to look at <code>{waitsForApproval}</code> first.
        </ApprovalForm>
      )}
      <ul>
        {inLane && (
          <li>
            {inLane.until === undefined ? 'For a slot of its lane' : 'For more of the same, until '}
            {inLane.until !== undefined && <Time at={inLane.until} />}
            {inLane.place !== undefined && (inLane.place === 1 ? ': it is the next' : `: it is number ${inLane.place}`)}
            . <Link to="/lanes">Lanes</Link>
          </li>
        )}
        {waitsForAway !== undefined && <li>For what is away, and goes on by itself: {waitsForAway}</li>}
        {waitsFor.map(({ title, until, since }) => (
          <li key={`${title} ${since}`}>
            {until === undefined ? `Ends by ${title}` : `For ${title}, until `}
            {until !== undefined && <Time at={until} />}
          </li>
        ))}
        {retried.map(({ activity, attempts, error, next }) => (
          <li key={activity}>
            {activity} has failed {attempts} times, and is tried again {next === undefined ? 'now' : <Time at={next} />}
            : {error}
          </li>
        ))}
      </ul>
    </Section>
  );
}

const APPROVALS = {
  open: 'waiting',
  approved: 'passed',
  rejected: 'failed',
  expired: 'failed',
  outdated: 'superseded',
  withdrawn: 'cancelled',
} as const satisfies Record<ShownApproval['state'], Mood>;

function Approval({ run: id, approval }: { readonly run: string; readonly approval: ShownApproval }) {
  const { name, state, by, quorum, sha, given, expiresAt, endedAt, because } = approval;
  const who = given.map(({ login }) => login).join(', ');
  return (
    <>
      <p>
        <Badge mood={APPROVALS[state]}>{state}</Badge> <b>{name}</b> by {by}
        {quorum > 1 && `, ${given.length} of ${quorum}`}
        {who !== '' && `: ${who}`}
        {because !== undefined && `, ${because}`}{' '}
        {endedAt === undefined ? (
          <span>
            until <Time at={expiresAt} />
          </span>
        ) : (
          <Time at={endedAt} />
        )}
      </p>
      {state === 'open' && (
        <ApprovalForm run={id} name={name} sha={sha}>
          {sha !== undefined && (
            <>
              About commit <code>{sha}</code>
            </>
          )}
        </ApprovalForm>
      )}
    </>
  );
}

/** A run's result lists its steps where its automation is written with the kit; an author's own may be anything. */
function Steps({ result }: { readonly result: unknown }) {
  const listed = (result as { readonly steps?: unknown } | undefined)?.steps;
  if (!Array.isArray(listed) || listed.length === 0) return null;
  const steps = listed.map((step) => step as { readonly what?: unknown; readonly outcome?: unknown });
  return (
    <Section id="steps" title="Steps" count={steps.length}>
      <ol class="steps">
        {steps.map(({ what, outcome }, index) => (
          <li key={index}>
            <Badge mood={stepMood(outcome)}>{String(outcome)}</Badge> {String(what)}
          </li>
        ))}
      </ol>
    </Section>
  );
}

function stepMood(outcome: unknown): Mood {
  if (outcome === 'passed' || outcome === 'failed' || outcome === 'running' || outcome === 'cancelled') return outcome;
  return outcome === 'error' ? 'failed' : 'unknown';
}
