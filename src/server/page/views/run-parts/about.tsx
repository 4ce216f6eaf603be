import type { WholeRunAnswer } from '../../../api/contract.js';
import { useAround } from '../../context.js';
import { logPath, withQuery } from '../../paths.js';
import { Facts } from '../parts/facts.js';
import { DeliveryLink, Link, Out, RunLink } from '../parts/link.js';
import { AboutRun } from '../parts/run-rows.js';
import { Apart } from '../parts/spaced.js';
import { Duration, Moment, Time } from '../parts/time.js';

/** What a run is about, when it ran, its lane, its logs, and where else it is seen. */
export function About({ answer }: { readonly answer: WholeRunAnswer }) {
  const { now, isPublic } = useAround();
  const { run: id, state, about, delivery, jobs } = answer;
  const end = about?.endedAt === undefined ? now : Date.parse(about.endedAt);
  return (
    <Facts
      facts={[
        ['About', about && <AboutRun key="about" run={about} />],
        ['Started', about && <Moment key="at" at={about.startedAt} />],
        ['Took', about && <Duration key="took" ms={end - Date.parse(about.startedAt)} />],
        ['Lane', (answer.inLane ?? about?.lane) !== undefined && <InLane key="lane" answer={answer} />],
        ['Started by', about?.startedBy !== undefined && <RunLink key="by" run={about.startedBy} />],
        ['Delivery', delivery !== undefined && <DeliveryLink key="delivery" id={delivery} />],
        [
          'Log',
          jobs.length > 0 && (
            <span key="log" class="about">
              <Apart>
                {jobs.map((job) => (
                  <Link key={job} to={logPath({ run: id, job })}>
                    {job}
                  </Link>
                ))}
              </Apart>
            </span>
          ),
        ],
        ['Others', about && !isPublic && <Others key="others" about={about} />],
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

/** Leads to its automation's runs of the same: whether it was red before is asked first. */
function Others({ about }: { readonly about: NonNullable<WholeRunAnswer['about']> }) {
  const { automation, repository, branch, pullRequest } = about;
  const same = pullRequest === undefined ? { branch } : { pullRequest };
  return (
    <Link to={withQuery('/runs', { automation, repository, ...same })}>
      runs of <bdi>{automation}</bdi>
      {pullRequest !== undefined ? ` for #${pullRequest}` : branch !== undefined && ' of this branch'}
    </Link>
  );
}

/** Its lane, with how it stands there while it is in it. */
function InLane({ answer: { inLane, about } }: { readonly answer: WholeRunAnswer }) {
  if (!inLane) return <Link to={withQuery('/lanes', { named: about?.lane })}>{about?.lane}</Link>;
  const { lane, title, state, place, after, since, changedAt, mode, by, reason } = inLane;
  return (
    <>
      <Link to={withQuery('/lanes', { named: lane })}>{title}</Link>
      {state === 'runs' && ', has a slot since '}
      {state === 'aside' && ', stepped aside '}
      {state === 'waits' && `, ${place === 1 ? 'the next' : `number ${place}`} of those that wait, since `}
      <Time at={state === 'waits' ? since : changedAt} />
      {after !== undefined && (
        <>
          , after <RunLink run={after} />
        </>
      )}
      {mode !== 'open' && (
        <>
          {` (the lane is ${mode}`}
          {by !== undefined && (
            <>
              {' '}
              by <bdi>{by}</bdi>
            </>
          )}
          {reason !== undefined && (
            <>
              : <bdi>{reason}</bdi>
            </>
          )}
          )
        </>
      )}
    </>
  );
}
