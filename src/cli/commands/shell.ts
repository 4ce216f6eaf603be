import { ApplicationFailure } from '@temporalio/common';
import { Command } from 'commander';
import { settleRunner } from '../../activities/job/runners/settle-runner.js';
import { snapshotsIn } from '../../activities/job/snapshots/snapshot-places.js';
import { findJob } from '../../activities/job/snapshots/snapshots.js';
import { isTrusted } from '../../activities/job/trust.js';
import { ConfigError, unusable } from '../../config/config-error.js';
import { type ConfigReading, readConfig } from '../../config/load.js';
import { connectApi } from '../client/find-server.js';
import { findKept } from '../client/shell/find-kept.js';
import { type OpenShell, openShell } from '../client/shell/open-shell.js';
import { refuseOtherUser } from '../client/shell/refuse-other-user.js';
import { codeOf } from '../client/shell/run-shell.js';
import { calledHere } from '../format/called-here.js';
import { complain } from '../format/paint.js';
import { typedWord } from '../format/typed-word.js';
import { UserError } from '../user-error.js';
import { type ServerOptions, urlOption, wholeNumber } from './options.js';
import { nameOfRun, RUN_NAMES } from './run-argument.js';

interface Options extends Pick<ServerOptions, 'url'> {
  readonly job?: string;
  readonly step?: number;
  readonly secrets?: boolean;
}

const HELP = `
The workspace is made anew from what was kept when the step failed (jobs.keepFailedDays), on the machine whose worker ran the
job, and removed when the shell ends. The step's commands are not run. Without a terminal the shell reads standard input:
  echo 'npm test' | ${calledHere()} shell latest ci
The exit code is the shell's; 2 if there is nothing to open it in.`;

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

/** `hookyard shell`: opens a shell in the workspace of a failed job. Exits as the shell does. */
export const shell = () =>
  new Command('shell')
    .description('open a shell in the workspace of a failed job, as the step left it that did not pass')
    .argument('<run...>', RUN_NAMES)
    .option('--job <name>', 'which of its jobs, where several have failed')
    .option(
      '--step <n>',
      'the step whose environment, folder, shell and outputs so far it gets, from 1; default: the one that did not pass',
      wholeNumber({ least: 1, most: 100 }),
    )
    .option(
      '--secrets',
      "set the variables that hold secrets too, from this machine's configuration, and let git use the source's credentials where the job lets it: all that runs in the shell can read them. Refused for code that may be a stranger's",
    )
    .addOption(urlOption)
    .addHelpText('after', HELP)
    .action(async (words: readonly string[], options: Options) => {
      const what = await whatToOpen(nameOfRun(words), options);
      process.exitCode = await untilSignal((signal) => openShell(what, signal));
    });

/** Throws {@link UserError} and `ConfigError`: why no shell can be opened, and what to do. */
async function whatToOpen(name: string, { job: named, step: asked, ...options }: Options): Promise<OpenShell> {
  const reading = await readHere(options);
  const config = reading?.config;
  const manifest = await findKept({ name, job: named, data: config?.data, api: () => connectApi(options) });
  if (!config) throw unusable(reading?.what ?? 'the configuration', reading?.problems ?? []);
  await refuseOtherUser(snapshotsIn(config.data));
  const { of, failedAt } = manifest;
  const job = await findJob(config.data, of);
  if (!job)
    throw new UserError(
      `The workspace of ${of.workflowId} was kept by an older version, without what a shell needs: npx hookyard rerun ${typedWord(of.workflowId)} --from-failed runs its job anew`,
    );
  const secrets = options.secrets === true;
  if (secrets && !isTrusted(job.input.checkout))
    throw new UserError(
      `--secrets is refused: the code of ${of.workflowId} may be a stranger's, and all that runs in the shell could read them. Leave it out`,
    );
  const number = asked ?? failedAt;
  const step = job.steps[number - 1];
  if (!step) throw new UserError([`Job ${of.job} has no step ${number}. It has:`, ...listOf(job.steps)].join('\n'));
  if (step.run === '')
    throw new UserError(
      `Step ${number} of job ${of.job} had not run, and was too long to be kept. Leave --step out: the step that failed is ${failedAt}`,
    );
  return { config: await settleRunner(config), manifest, job, number, step, secrets, say: complain };
}

function listOf(steps: readonly { readonly name: string }[]): readonly string[] {
  return steps.map(({ name }, i) => `  --step ${i + 1}   ${name}`);
}

/**
 * Returns the configuration of the project here, even where something else than jobs need is wrong with it; undefined where there is
 * no project, and a server to be asked is named. Throws `ConfigError`.
 */
async function readHere({ url }: Options): Promise<ConfigReading | undefined> {
  try {
    return await readConfig({ env: process.env, cwd: process.cwd(), secrets: 'find' });
  } catch (error) {
    if (error instanceof ConfigError && url !== undefined && process.env.HOOKYARD_API_TOKEN) return undefined;
    throw error;
  }
}

/** Does the work, and ends it in order where a signal asks for that. Returns the exit code. */
async function untilSignal(work: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const stopping = new AbortController();
  let by: NodeJS.Signals | undefined;
  const stop = (name: NodeJS.Signals) => {
    by ??= name;
    stopping.abort();
  };
  for (const name of SIGNALS) process.on(name, stop);
  try {
    const code = await work(stopping.signal);
    return by === undefined ? code : codeOf(by);
  } catch (error) {
    if (by !== undefined) return codeOf(by);
    // What a job's activities fail with says what to do.
    throw error instanceof ApplicationFailure ? new UserError(error.message) : error;
  } finally {
    for (const name of SIGNALS) process.off(name, stop);
    // Node aborts when it ends on a terminal that is gone.
    if (by === 'SIGHUP' && process.stdin.isTTY) process.kill(process.pid, by);
  }
}
