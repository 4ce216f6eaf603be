import type { Config } from '../../config/config.js';
import { prepareDataFolder } from '../../config/data-folder.js';
import { withSecrets } from '../../config/load.js';
import { type Project, readProject } from '../../config/project.js';
import { createLog, type Logger } from '../../log.js';
import { maskKnown, secretsIn } from '../../secrets/mask.js';
import { maskLine } from '../../secrets/mask-line.js';
import { removeStaged } from '../../store/backup/leftovers.js';
import { startTracing, tracingIsWanted } from '../../tracing/start.js';
import type { Tracing } from '../../tracing/tracing.js';
import { type OwnedData, ownData } from './data-folder-owner.js';
import { createLifecycle, type Lifecycle } from './lifecycle.js';

const LINGER_MS = 2_000;

/** What every long-running command begins with. */
export interface Boot {
  readonly config: Config;
  readonly log: Logger;
  readonly lifecycle: Lifecycle;
  /** Undefined unless the environment says where traces go. */
  readonly tracing: Tracing | undefined;
}

/** What a command that receives begins with. */
export interface OwnerBoot extends Boot {
  /** The data folder, which no other process receives on meanwhile. */
  readonly owned: OwnedData;
}

/**
 * Reads the configuration and starts log, lifecycle and tracing. Logs readable lines on a terminal, JSON everywhere else.
 * The process is stopped by signals, or when `asked` resolves to why. Throws {@link ConfigError}.
 */
export async function boot({ asked }: { asked?: Promise<string> } = {}): Promise<Boot> {
  return begin(await preparedProject(), { asked });
}

/** Begins as {@link boot} does, and owns the data folder until the end. Throws {@link UserError} if another process owns it. */
export async function bootOwner(command: 'start' | 'server'): Promise<OwnerBoot> {
  const project = await preparedProject();
  const owned = await ownData(project.data, command);
  try {
    removeStaged(project.data);
    return { ...(await begin(project, { owned })), owned };
  } catch (error) {
    await owned.release();
    throw error;
  }
}

async function preparedProject(): Promise<Project> {
  const project = await readProject({ env: process.env, cwd: process.cwd() });
  prepareDataFolder(project.data);
  return project;
}

async function begin(
  project: Project,
  { owned, asked }: { owned?: OwnedData; asked?: Promise<string> | undefined },
): Promise<Boot> {
  const config = withSecrets(project, { env: process.env });
  const log = createLog({
    level: config.logLevel,
    pretty: process.stdout.isTTY === true,
    mask: (line) => maskLine(line, maskKnown),
  });
  // A process that another one has started would only say the same again.
  if (!asked) for (const warning of config.warnings) log.warn(warning);
  for (const secret of secretsIn(config)) secret.watch(log);
  const lifecycle = createLifecycle(log, asked && { asked });
  // Registered first, so that it is given up last.
  if (owned) lifecycle.onStop('the data folder', () => owned.release());
  const tracing = tracingIsWanted(process.env) ? await startTracing(log) : undefined;
  if (tracing) lifecycle.onStop('the traces', () => tracing.stop());
  return { config, log, lifecycle, tracing };
}

/**
 * Runs a command's parts until a signal or a failure ends them, stops what was started, and sets the exit code. `start`
 * resolves to promises that reject when a part fails later.
 */
export async function runUntilStopped(
  { lifecycle, log }: Pick<Boot, 'lifecycle' | 'log'>,
  start: () => Promise<readonly Promise<never>[]>,
): Promise<void> {
  let failures: readonly Promise<never>[] = [];
  const stopped = lifecycle.untilStopped();
  try {
    failures = await Promise.race([start(), stopped.then(() => [])]);
  } catch (error) {
    if (!lifecycle.stopping()) {
      await lifecycle.stop();
      endSoon();
      throw error;
    }
    // A part that was still starting needed one that is stopped already.
    log.debug({ err: error }, 'stopped before everything was started');
  }
  for (const failure of failures) failure.catch(lifecycle.fail);
  process.exitCode = await stopped;
  endSoon();
}

/** Ends the process, with the exit code that is set by then: a library's thread that lingers must not keep it running. */
function endSoon(): void {
  setTimeout(() => process.exit(), LINGER_MS).unref();
}
