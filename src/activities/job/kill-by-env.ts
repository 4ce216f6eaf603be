import { setTimeout as wait } from 'node:timers/promises';
import { environmentOf, processesThat, valuesIn } from './find-processes.js';
import { type FirstProcess, laterThan, pidsNow } from './later-pids.js';

/** Name of the environment variable by which the processes of a job are found. */
export const WORKSPACE_VARIABLE = 'HOOKYARD_WORKSPACE';

/** Name of the environment variable by which those of its background steps are told from the others: which step it is. */
export const BACKGROUND_VARIABLE = 'HOOKYARD_BACKGROUND';

/** Whose processes are meant: all of a job, those of one background step, or those of all steps that are none. */
export type Whose = 'all' | 'foreground' | { readonly background: string };

/** Returns whose processes those are that have this environment, and are started by the same step. */
export function whoseOf(env: Readonly<Record<string, string>>): Whose {
  const background = env[BACKGROUND_VARIABLE];
  return background === undefined ? 'foreground' : { background };
}

/**
 * A process that starts while the list is read is found in the next round; a killed one is listed until it has ended.
 */
const ROUNDS = 20;
const BETWEEN_MS = 10;

/**
 * Kills the processes whose environment names the workspace, also those that have left its process group, as daemons
 * do. Returns how many. Finds none where there is no `/proc`. `first`: those that began before it are not looked at.
 */
export function killByEnv(folder: string, whose: Whose = 'all', first?: FirstProcess): Promise<number> {
  return killThose((environment) => isOf(environment, folder, whose), first);
}

/** Returns whether {@link killByEnv} would kill the process that has this environment. */
export function isOf(environment: Buffer, folder: string, whose: Whose): boolean {
  return (
    valuesIn(environment, WORKSPACE_VARIABLE).includes(folder) &&
    belongsTo(valuesIn(environment, BACKGROUND_VARIABLE), whose)
  );
}

/** Kills the processes that have such a variable in their environment, as {@link killByEnv} does. */
export function killByVariable(name: string, value: string): Promise<number> {
  return killThose((environment) => valuesIn(environment, name).includes(value));
}

async function killThose(isMeant: (environment: Buffer) => boolean, first?: FirstProcess): Promise<number> {
  const killed = new Set<number>();
  for (let round = 0; round < ROUNDS; round++) {
    const found = await pidsOf(isMeant, first);
    if (found.length === 0) break;
    for (const pid of found) {
      try {
        process.kill(pid, 'SIGKILL');
        killed.add(pid);
      } catch {
        // It ended by itself.
      }
    }
    await wait(BETWEEN_MS);
  }
  return killed.size;
}

async function pidsOf(isMeant: (environment: Buffer) => boolean, first: FirstProcess | undefined): Promise<number[]> {
  const isLater = first && laterThan(first, pidsNow());
  return processesThat(async (pid) => isMeant(await environmentOf(pid)), isLater);
}

/** `backgrounds`: of which background steps it says that it belongs to them. */
function belongsTo(backgrounds: readonly string[], whose: Whose): boolean {
  if (whose === 'all') return true;
  return whose === 'foreground' ? backgrounds.length === 0 : backgrounds.includes(whose.background);
}
