import type { LogAnswer, LogStep, ShownLine } from '../../api/contract.js';
import { useAround } from '../context.js';
import { logPath, runPath, withQuery } from '../paths.js';
import { view } from '../view.js';
import { Badge, type Mood } from './parts/badge.js';
import { Empty } from './parts/empty.js';
import { Link } from './parts/link.js';
import { LogLines } from './parts/log-lines.js';
import { Apart } from './parts/spaced.js';
import { lengthOf } from './parts/time.js';

/** The log of a run's job: opened where it went wrong, a part of it at a time. */
export const log = view({
  path: '/runs/*id/logs/:part',
  read: (answers, { id, part, query }) => answers.openLog({ query: { ...query, run: id, job: part } }),
  forAll: (answer) => answer,
  show: (answer) => ({
    ...{ title: `Log of ${answer.job}`, body: <Log answer={answer} />, hasLog: true },
    // What is written is followed; where there is nothing yet, the page is read again.
    everySeconds: answer.open && answer.lines.length === 0 ? 3 : undefined,
  }),
});

const MOODS = {
  running: 'running',
  passed: 'passed',
  failed: 'failed',
  stopped: 'failed',
} as const satisfies Record<LogStep['state'], Mood>;

function Log({ answer }: { readonly answer: LogAnswer }) {
  const { run, job, jobs, open, extent, steps, failing, lines } = answer;
  const others = jobs.filter((one) => one !== job);
  return (
    <>
      <p class="crumbs">
        <Link to="/runs">Runs</Link> › <Link to={runPath(run)}>{run}</Link>
      </p>
      <div class="head">
        <h1>Log of {job}</h1>
        <Tools answer={answer} />
      </div>
      {others.length > 0 && (
        <p class="about">
          <Apart>
            Other jobs:
            {others.map((one) => (
              <Link key={one} to={logPath({ run, job: one })}>
                {one}
              </Link>
            ))}
          </Apart>
        </p>
      )}
      {steps.length > 0 && (
        <nav aria-label="Steps">
          <ul class="log-steps">
            {steps.map((step) => (
              <li key={step.from}>
                <Badge mood={MOODS[step.state]}>{step.state}</Badge>{' '}
                <Link to={logPath({ run, job, line: step.from })}>{step.name}</Link>{' '}
                <span class="dim">
                  {step.attempt > 1 && `attempt ${step.attempt} `}
                  {step.endedAt !== undefined && lengthOf(step.endedAt - step.startedAt)}
                </span>
              </li>
            ))}
          </ul>
        </nav>
      )}
      {failing && (
        <p class="refused">
          {failing.step} failed. <Link to={logPath({ run, job, line: failing.line })}>Line {failing.line}</Link>{' '}
          {SAYS_WHY[failing.by]}.
        </p>
      )}
      <Search answer={answer} />
      {lines.length === 0 ? (
        <Empty>
          {extent ? 'There are no lines here.' : open ? 'It has not written anything yet.' : 'It has written nothing.'}
        </Empty>
      ) : (
        <Window answer={answer} lines={lines} />
      )}
    </>
  );
}

/** What a line says of what went wrong. */
export const SAYS_WHY = {
  marked: 'says what is wrong',
  error: 'is the last that reads like an error',
  end: 'is its last',
} as const satisfies Record<NonNullable<LogAnswer['failing']>['by'], string>;

function Tools({ answer: { run, job, open, extent, at, failing, lines } }: { readonly answer: LogAnswer }) {
  const { base } = useAround();
  const path = logPath({ run, job });
  const from = (at?.to ?? failing?.line ?? (lines[0]?.number ?? 1) - 1) + 1;
  return (
    <div class="buttons">
      <Apart>
        <Link class="button" to={withQuery(path, { failure: 'true', from })} keys="f">
          Next failure
        </Link>
        {extent && (
          <Link class="button" to={withQuery(path, { line: extent.last })} keys="e">
            {open ? 'Newest line' : 'Last line'}
          </Link>
        )}
        {extent && (
          <a class="button" href={`${base}${withQuery('/logs/text', { run, job })}`} download>
            Download
          </a>
        )}
      </Apart>
    </div>
  );
}

/** A search goes from one line that is found to the next; the address says where it stands. */
function Search({ answer: { run, job, at, search, extent } }: { readonly answer: LogAnswer }) {
  const around = useAround();
  const path = logPath({ run, job });
  const text = search?.text;
  const line = search?.line;
  return (
    <search>
      <form class="filters" method="get" action={`${around.base}${around.path}`}>
        <label for="log-text">
          <span>Text in this log</span>
          <input
            id="log-text"
            type="search"
            name="text"
            value={text ?? ''}
            maxLength={200}
            aria-keyshortcuts="/"
            autocomplete="off"
          />
        </label>{' '}
        <button type="submit">Find</button>{' '}
        {text !== undefined && (
          <>
            <Link to={withQuery(path, { text, back: 'true', from: Math.max(0, (line ?? at?.from ?? 1) - 1) })} keys="p">
              ↑ Previous
            </Link>{' '}
            <Link to={withQuery(path, { text, from: (line ?? at?.to ?? 0) + 1 })} keys="n">
              ↓ Next
            </Link>
          </>
        )}
      </form>
      {search && (
        <p role="status">
          {found(search)}
          {search.line === undefined && search.next !== undefined && (
            <>
              {' '}
              <Link
                to={withQuery(path, {
                  text,
                  failure: search.kind === 'failure' ? 'true' : undefined,
                  from: search.next,
                  back: extent && search.next < search.from ? 'true' : undefined,
                })}
              >
                Look on
              </Link>
            </>
          )}
        </p>
      )}
    </search>
  );
}

function found({ kind, line, from, to, total }: NonNullable<LogAnswer['search']>): string {
  const range = `lines ${from} to ${to}`;
  if (kind === 'failure')
    return line === undefined ? `Nothing reads like an error in ${range}.` : `Line ${line} reads like an error.`;
  const { count, place, isLeast = false } = total ?? { count: 1, isLeast: true };
  const all = `${isLeast ? 'at least ' : ''}${count}`;
  if (line === undefined)
    return `It is not in ${range}${count > 0 ? `; of all lines, ${all} ${count === 1 ? 'has' : 'have'} it` : ''}.`;
  return `Line ${line} has it, ${place === undefined ? 'one' : place} of ${all}.`;
}

function Window({ answer, lines }: { readonly answer: LogAnswer; readonly lines: readonly ShownLine[] }) {
  const { base } = useAround();
  const { run, job, open, extent } = answer;
  const path = logPath({ run, job });
  const [first, last] = [lines[0]?.number ?? 0, lines.at(-1)?.number ?? 0];
  const isFirst = extent === undefined || first <= extent.first;
  const isLast = extent === undefined || last >= extent.last;
  return (
    <>
      <nav class="log-more" aria-label="Earlier lines">
        {isFirst ? (
          <span class="dim">{first > 1 ? 'Earlier lines are not kept any more.' : 'This is the beginning.'}</span>
        ) : (
          <Link to={withQuery(path, { before: first })} rel="prev">
            ↑ Earlier lines
          </Link>
        )}
      </nav>
      <div
        class="log"
        data-live={open ? `${base}${withQuery('/logs/live', { run, job })}` : undefined}
        data-path={`${base}${path}`}
        data-started={open ? answer.steps.at(-1)?.startedAt : undefined}
      >
        <LogLines answer={answer} />
      </div>
      <nav class="log-more" aria-label="Later lines">
        {isLast ? (
          <span class="dim" role="status">
            {open ? 'More comes as it is written: read this again.' : 'This is the end.'}
          </span>
        ) : (
          <Link to={withQuery(path, { after: last })} rel="next">
            ↓ Later lines
          </Link>
        )}
      </nav>
    </>
  );
}
