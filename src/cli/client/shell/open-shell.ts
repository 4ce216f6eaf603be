import type { HostStep } from '../../../activities/contract/index.js';
import { type ReopenedJob, reopenJob } from '../../../activities/job/reopen-job.js';
import type { Manifest } from '../../../activities/job/snapshots/snapshot.js';
import type { StoredJob } from '../../../activities/job/snapshots/stored-job.js';
import { placeOf, type StepPlace } from '../../../activities/job/step-place.js';
import { isTrusted } from '../../../activities/job/trust.js';
import type { Config } from '../../../config/config.js';
import { createLog } from '../../../log.js';
import { createProviders } from '../../../providers/apis.js';
import { greetingOf } from './greeting.js';
import { argumentsOf, isInteractive } from './interactive.js';
import { runShell } from './run-shell.js';

/** In which workspace, and as which of its job's steps. */
export interface OpenShell {
  readonly config: Config;
  readonly manifest: Manifest;
  readonly job: StoredJob;
  /** From 1: whose environment the shell has. */
  readonly number: number;
  readonly step: HostStep;
  /** Whether it has the secrets of the step too. */
  readonly secrets: boolean;
  /** Tells a person what is done. */
  readonly say: (text: string) => void;
}

/**
 * Makes the workspace of a failed job once more, runs a shell in it, and removes it. Returns the shell's exit code. Throws what keeps the
 * workspace from being made; `signal` ends all of it.
 */
export async function openShell(options: OpenShell, signal: AbortSignal): Promise<number> {
  const { config, manifest, job, secrets, say } = options;
  const log = createLog({ level: 'silent', pretty: false });
  const providers = createProviders({ config, log, signal: () => signal });
  const note = async (text: string) => say(text);
  const reopened = await reopenJob({ config, providers, log, signal, note }, { manifest, job, secrets });
  try {
    signal.throwIfAborted();
    const { env, place } = await placeIn(reopened, options);
    const isStrangers = !isTrusted(job.input.checkout);
    const { workflowId: run } = manifest.of;
    const { failedAt } = manifest;
    const lines = greetingOf({ ...options, run, failedAt, isStrangers, cwd: place.cwd });
    say(lines.join('\n'));
    const { command } = place.shell;
    const terminal = process.stdin.isTTY === true ? ofTerminal({ job: job.input.name, isStrangers }) : {};
    const shell = { command, args: argumentsOf(command), cwd: place.cwd, env: { ...terminal, ...env } };
    return await runShell(() => reopened.runner.attach(shell), signal);
  } finally {
    await reopened.close();
  }
}

/** Returns where the shell runs and which it is: as the step says, or the checkout and the default where that is not to be had. */
async function placeIn(
  { workspace, environment, runner }: ReopenedJob,
  { step, say }: OpenShell,
): Promise<{ readonly env: Record<string, string>; readonly place: StepPlace }> {
  const env = await environment(step);
  const { shell, dir, ...plain } = step;
  if (!isInteractive(shell)) say(`The step's commands are run by ${shell}, and this is a shell`);
  const wanted = {
    ...plain,
    ...(dir !== undefined && { dir }),
    ...(shell !== undefined && isInteractive(shell) && { shell }),
  };
  const place = await placeOf(workspace, wanted, { env, find: runner.findShell });
  if (typeof place !== 'string') return { env, place };
  say(`Not where the step runs, since ${place}`);
  const top = await placeOf(workspace, {}, { env, find: runner.findShell });
  if (typeof top === 'string') throw new Error(top);
  return { env, place: top };
}

/** Returns what a shell that people type into has to know of their terminal. */
function ofTerminal({ job, isStrangers }: { job: string; isStrangers: boolean }): Record<string, string> {
  const { TERM, COLORTERM } = process.env;
  return {
    ...(TERM && { TERM }),
    ...(COLORTERM && { COLORTERM }),
    PS1: `(${job}) \\W\\$ `,
    // A file of the workspace could bind commands to keys.
    ...(isStrangers && { INPUTRC: '/etc/inputrc' }),
  };
}
