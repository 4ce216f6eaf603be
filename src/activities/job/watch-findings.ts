import { join } from 'node:path';
import { Context } from '@temporalio/activity';
import { withDeadline } from '../../async/deadline.js';
import type { RecordStore } from '../../store/store.js';
import type { Activities, StatusInput, TestReport } from '../contract/index.js';
import { fileTime } from './reports/file-time.js';
import { createFlakyBook, type TestsOf } from './reports/flaky-book.js';
import type { RawCase } from './reports/raw-case.js';
import { readFindings } from './step-findings.js';
import type { WatchedStep, WatchStep } from './watch-step.js';

/** What the findings of steps need. */
export interface FindingsDeps {
  readonly records: Pick<RecordStore, 'get' | 'upsert'>;
  readonly reportStatus: Activities['reportStatus'];
}

const REPORT_MS = 15_000;
/** Failing tests that the log names. */
const MOST_NAMED = 20;

/**
 * Returns what looks at steps for tests and problems: adds them to what is known of a step, has one fail whose tests do, turns the
 * commit status red before the step has ended, and remembers which tests are flaky.
 */
export function createFindingsWatch({ records, reportStatus }: FindingsDeps): WatchStep {
  const book = createFlakyBook(records);
  return function watchFindings({ job, step, ended }) {
    const { tests = [], problems } = step;
    if (tests.length === 0 && problems === undefined) return undefined;
    const { jobLog, workspace, mask } = job;
    const note = (text: string) => void jobLog.note(`${step.name}: ${text}`);
    const of = testsOf({ job, step });
    const failedBefore = new Map<string, RawCase>();
    const loading = tests.length === 0 ? undefined : fill(failedBefore, book.failedBefore(of)).catch(noted(note));
    let reporting: Promise<void> | undefined;
    const reader = readFindings({
      ...{ root: workspace.source, cwd: join(workspace.source, step.dir ?? '.'), tests, failedBefore, mask, note },
      since: tests.length === 0 ? 0 : beganAt(workspace.folder, note),
      problems: problems ?? false,
      ...{ looksEarly: step.turnsRed === true, ended },
      onRed(because) {
        if (step.turnsRed) reporting = turnRed({ job, reportStatus }, because).catch(noted(note));
      },
    });
    return {
      onLine: reader.line,
      async afterStep(ran, stop) {
        await loading;
        // Final is what was stopped since a background step had ended, and what was not begun.
        const wasStopped = ran.outcome === 'timed_out' || ran.final === true;
        const hasFailed = !wasStopped && ran.outcome === 'failed' && (ran.exitCode ?? 0) !== 0;
        const { red, failed, flaky, ...found } = await reader.end(stop, { wasStopped, hasFailed });
        await reporting;
        if (found.tests) {
          for (const text of toldOf(found.tests)) await jobLog.note(`${step.name}: ${text}`);
          await book.note(of, { failed, flaky }).catch(noted(note));
        }
        if (red === undefined || ran.outcome !== 'passed') return found;
        await jobLog.note(`${step.name}: failed, though its exit code is 0: ${red}`);
        return { ...found, outcome: 'failed', because: red };
      },
    };
  };
}

/** Returns when the step begins by the clock of its files, or 0, so that all reports are its, where nobody can tell. */
function beganAt(folder: string, note: (text: string) => void): number {
  try {
    return fileTime(folder);
  } catch (error) {
    note(`reports of any age are counted: ${(error as Error).message}`);
    return 0;
  }
}

function testsOf({ job, step: { name, dir } }: Pick<WatchedStep, 'job' | 'step'>): TestsOf {
  const { workflowExecution, workflowType } = Context.current().info;
  const { input } = job;
  return {
    ...{ ...commitOf(input), merge: job.merge(), job: input.name },
    step: dir === undefined ? name : `${name} in ${dir}`,
    automation: workflowType ?? '',
    run: workflowExecution?.workflowId ?? '',
  };
}

/** Returns the commit as the event tells of it: a fork that it is fetched from is a stranger's to name. */
function commitOf({ checkout }: WatchedStep['job']['input']): Pick<StatusInput, 'source' | 'repository' | 'sha'> {
  const { source, repository, home = repository, sha } = checkout;
  return { source, repository: home, sha };
}

async function turnRed(
  { job: { input, jobLog }, reportStatus }: { job: WatchedStep['job']; reportStatus: Activities['reportStatus'] },
  because: string,
): Promise<void> {
  const status: StatusInput = {
    ...{ ...commitOf(input), context: input.context, state: 'failure', description: because, binding: true },
    ...(input.runStartedAt !== undefined && { runStartedAt: input.runStartedAt }),
  };
  const result = await withDeadline({ ms: REPORT_MS, error: () => new Error('the provider took too long') }, () =>
    reportStatus(status),
  );
  await jobLog.note(result.reported ? `the commit status is red: ${because}` : `${because}; ${result.because}`);
}

async function fill(known: Map<string, RawCase>, found: Promise<ReadonlyMap<string, RawCase>>): Promise<void> {
  for (const [id, test] of await found) known.set(id, test);
}

/** A build is worth more than what is told of it. */
function noted(note: (text: string) => void): (error: Error) => void {
  return ({ message }) => note(message);
}

function toldOf({ passed, failed, skipped, flaky, durationMs, cases, notes }: TestReport): string[] {
  const counts = Object.entries({ passed, failed, skipped, flaky }).filter(
    ([what, count]) => count > 0 || what === 'passed',
  );
  const named = cases.filter(({ outcome }) => outcome === 'failed' || outcome === 'flaky').slice(0, MOST_NAMED);
  return [
    `tests: ${counts.map(([what, count]) => `${count} ${what}`).join(', ')}, ${(durationMs / 1000).toFixed(1)} s of tests`,
    ...named.map(({ outcome, suite, name, file, line }) => {
      const place = file === undefined ? '' : ` (${file}${line === undefined ? '' : `:${line}`})`;
      return `${outcome}: ${suite === undefined ? '' : `${suite} > `}${name}${place}`;
    }),
    ...notes.map((text) => `tests: ${text}`),
  ];
}
