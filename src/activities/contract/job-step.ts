import type { Duration } from '@temporalio/common';
import type { VariableValue } from './id-token.js';
import type { ProblemMatcher } from './tests.js';

/** A command of a job, with a name. */
export interface JobStep {
  /** What it is called in the log, in the result and in the Temporal UI. */
  readonly name: string;
  /** A shell command line, written by the automation's author. Event data belongs in `env`, never in here. */
  readonly run: string;
  /** Environment of this step, over that of the job. */
  readonly env?: Readonly<Record<string, VariableValue>>;
  /** Of this step: milliseconds, or words such as `'5 minutes'`. Of a background step: until it is ready, default 1 minute. */
  readonly timeout?: Duration;
  /** Runs it again where it fails so. */
  readonly retries?: StepRetries;
  /**
   * `always`: it runs also where a step before it did not pass, the job's time is over, or the run was cancelled. `failure`: only
   * where a step before it did not pass.
   */
  readonly if?: 'always' | 'failure';
  /** Where it runs: a folder below the checkout, `packages/app`. Default the checkout. */
  readonly dir?: string;
  /**
   * What runs it: `bash` (the default), `sh`, `python3`, `node`, …, or any program with what comes before the commands:
   * `'ruby -e'`.
   */
  readonly shell?: string;
  /**
   * Keeps the workspace as the step leaves it, on the worker's machine: if the worker is lost later, the job goes on after this step
   * instead of beginning anew. Takes as long as reading and packing what the steps have made or changed so far.
   */
  readonly snapshot?: boolean;
  /** The job goes on, and may pass, though this step fails. */
  readonly continueOnError?: boolean;
  /** It runs beside the steps that follow, as a database for tests does, and is ended with the job. */
  readonly background?: boolean;
  /** Of a background step: a command line that succeeds once it can be used, `'pg_isready'`. The next step waits for that. */
  readonly ready?: string;
  /**
   * The test reports that it writes, JUnit XML or TAP: globs below the checkout, `'reports/*.xml'`. `'tap'` is its own output. A
   * failing test fails the step, whatever its exit code is.
   */
  readonly tests?: string | readonly string[];
  /**
   * Problem matchers in GitHub's format, or files of the checkout that hold them, beside the one for `file:line:col: message`. An
   * error fails the step, whatever its exit code is. `false`: none at all.
   */
  readonly problems?: false | readonly (string | ProblemMatcher)[];
}

/** When a step runs again. */
export interface StepRetries {
  /**
   * After which ends: `failed` (any exit code but 0), `exit:<code>`, `timeout` (its own), `lost` (its process was killed, as by a
   * system without memory). Default `failed`. A worker that is lost is none of them: the job begins anew by itself.
   */
  readonly on?: readonly ('failed' | 'timeout' | 'lost' | `exit:${number}`)[];
  /** How often at most, 1 to 10. */
  readonly limit: number;
}
