import type { AutomationAnswer } from '../../api/contract.js';
import { automationPath, withQuery } from '../paths.js';
import { view } from '../view.js';
import { Empty } from './parts/empty.js';
import { Facts } from './parts/facts.js';
import { Link } from './parts/link.js';
import { RunForm } from './parts/run-form.js';
import { RunRows } from './parts/run-rows.js';
import { Section } from './parts/section.js';
import { LastRun, Passed } from './parts/statistics.js';
import { Duration, Time } from './parts/time.js';
import { Triggers } from './parts/triggers.js';

/** An automation: what starts it, how its last runs went, and a form that starts it. */
export const automation = view({
  path: '/automations/:id',
  read: (answers, { id }) => answers.automation({ id }),
  show: (answer) => ({
    ...{ title: answer.name, body: <Automation answer={answer} />, everySeconds: 10 },
    feed: `${automationPath(answer.name)}/feed.atom`,
  }),
});

function Automation({ answer }: { readonly answer: AutomationAnswer }) {
  const { name, file, triggers, inputs, recent, runs, away, schedules = [] } = answer;
  return (
    <>
      <p class="crumbs">
        <Link to="/automations">Automations</Link>
      </p>
      <h1>{name}</h1>
      <Facts
        facts={[
          ['Starts on', <Triggers key="triggers" triggers={triggers} />],
          ['Last run', <LastRun key="last" recent={recent} />],
          ['Passed', recent && recent.counted > 0 && <Passed key="passed" recent={recent} />],
          ['Took', recent?.p50Ms !== undefined && <Took key="took" p50={recent.p50Ms} p95={recent.p95Ms} />],
          ['Under way', recent && recent.open > 0 && recent.open],
          ...schedules.map(
            ({ cron, timezone, next, paused }) =>
              [
                `At ${cron}`,
                <span key={cron}>
                  {timezone !== undefined && `${timezone}: `}
                  {paused ? 'paused in Temporal' : next.length === 0 ? 'no time is known' : null}
                  {next.map((time, index) => (
                    <span key={time}>
                      {index > 0 && ', '}
                      <Time at={time} />
                    </span>
                  ))}
                </span>,
              ] as const,
          ),
          ['Code', <code key="code">{file}</code>],
        ]}
      />
      {inputs && <RunForm automation={name} inputs={inputs} />}
      {away !== undefined && <p class="note">{away}</p>}
      {runs && (
        <Section id="runs" title="Last runs">
          {runs.length > 0 ? (
            <RunRows runs={runs} label="Its last runs, the open ones first" />
          ) : (
            <Empty>It has not run in the last 30 days, or Temporal does not keep those runs any more.</Empty>
          )}
          <p>
            <Link to={withQuery('/runs', { automation: name })}>All of its runs</Link>
          </p>
        </Section>
      )}
      <Elsewhere answer={answer} />
    </>
  );
}

/** What other programs read of it: each address has a key, which opens it alone. */
function Elsewhere({ answer: { addresses } }: { readonly answer: AutomationAnswer }) {
  return (
    <Section id="elsewhere" title="Elsewhere">
      <p class="dim">
        Each address has a key that opens it for reading, and nothing else. Add <code>repository</code> and{' '}
        <code>branch</code> by <code>npx hookyard feeds</code>.
      </p>
      <Facts
        facts={[
          ['Badge', <code key="badge">{addresses.badge}</code>],
          ['Atom feed', <code key="feed">{addresses.feed}</code>],
          ['Build monitors', <code key="monitor">{addresses.monitor}</code>],
        ]}
      />
    </Section>
  );
}

/** How long its last runs took, waits included. */
function Took({ p50, p95 }: { readonly p50: number; readonly p95: number | undefined }) {
  return (
    <>
      half of the runs up to <Duration ms={p50} />
      {p95 !== undefined && (
        <>
          , 95 % up to <Duration ms={p95} />
        </>
      )}
    </>
  );
}
