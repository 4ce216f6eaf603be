import type { ComponentChildren } from 'preact';
import type { RunState, WholeRunAnswer } from '../../api/contract.js';
import { logPath } from '../paths.js';
import { publicRun } from '../public-run.js';
import { view } from '../view.js';
import { SAYS_WHY } from './log.js';
import { Artifacts } from './parts/artifacts.js';
import { Badge } from './parts/badge.js';
import { AskingButton, OperatorButton } from './parts/button.js';
import { Fold } from './parts/details.js';
import { Link, RunLink } from './parts/link.js';
import { runMood } from './parts/run-mood.js';
import { Section } from './parts/section.js';
import { Statuses } from './parts/statuses.js';
import { Summaries } from './parts/summaries.js';
import { Table } from './parts/table.js';
import { Tests } from './parts/tests.js';
import { TextBlock } from './parts/text-block.js';
import { Timeline } from './parts/timeline.js';
import { About } from './run-parts/about.js';
import { Approvals } from './run-parts/approvals.js';
import { ListedSteps } from './run-parts/listed-steps.js';
import { Waits } from './run-parts/waits.js';

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
  const { run: id, state, about, failing } = answer;
  const { mood, word } = moodOf(answer);
  const { approvals = [], troubles = [], ledTo = [], error, because } = state;
  const superseded = state.status === 'superseded' ? state.standing : undefined;
  const said = error ?? because ?? superseded;
  const isWrong = (error !== undefined || failing !== undefined) && mood !== 'superseded' && mood !== 'cancelled';
  const by = mood === 'superseded' ? /^superseded by (\S+)$/.exec(because ?? said ?? '')?.[1] : undefined;
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
      {(said !== undefined || failing) && (
        <Section id="why" title={isWrong ? 'What went wrong' : 'Why'}>
          {by !== undefined ? (
            <p>
              superseded by <RunLink run={by} />
            </p>
          ) : (
            <Why
              said={said}
              isWrong={isWrong}
              isTold={hasTests(answer)}
              failing={failing && <Failing answer={answer} />}
            />
          )}
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
      <Approvals run={id} approvals={approvals} />
      {answer.timeline && answer.timeline.length > 0 ? (
        <>
          <Tests timeline={answer.timeline} />
          <Timeline run={id} timeline={answer.timeline} isCut={answer.timelineIsCut === true} />
          <Summaries timeline={answer.timeline} />
          <Statuses timeline={answer.timeline} />
        </>
      ) : (
        <ListedSteps result={state.result} />
      )}
      <Artifacts run={id} artifacts={answer.artifacts ?? []} />
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

/** The first line says it; what follows are the last lines of a log, which tests or the line that says why say better. */
function Why(props: {
  readonly said: string | undefined;
  readonly isWrong: boolean;
  readonly isTold: boolean;
  readonly failing: ComponentChildren;
}) {
  const { said, isWrong, isTold, failing } = props;
  const [first, ...more] = isTold || failing ? (said?.split('\n') ?? []) : [said];
  return (
    <>
      {first !== undefined && <TextBlock text={first} isWrong={isWrong} />}
      {failing}
      {more.length > 0 && (
        <Fold
          name="log"
          line={more.length === 1 ? 'The last line of its log' : `The last ${more.length} lines of its log`}
        >
          <TextBlock text={more.join('\n')} />
        </Fold>
      )}
    </>
  );
}

/** The line of a log that says what is wrong: who comes from a red status need not look for it. */
function Failing({ answer: { run: id, failing } }: { readonly answer: WholeRunAnswer }) {
  if (!failing) return null;
  const { job, line, by, text } = failing;
  return (
    <>
      <p>
        <Link to={logPath({ run: id, job, line })}>
          Line {line} of the log of <bdi>{job}</bdi>
        </Link>{' '}
        {SAYS_WHY[by]}:
      </p>
      <TextBlock text={text} isWrong />
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
        <OperatorButton action="/runs/rerun" fields={{ name: id }} once keys="r" kind={hasFailed ? 'main' : undefined}>
          Run again
        </OperatorButton>
      )}
      {delivery !== undefined && hasFailed && (
        <OperatorButton action="/runs/rerun" fields={{ name: id, fromFailed: 'true' }} once>
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
