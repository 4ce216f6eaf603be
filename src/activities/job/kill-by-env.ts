import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';

/** Name of the environment variable by which the processes of a job are found. */
export const WORKSPACE_VARIABLE = 'HOOKYARD_WORKSPACE';

/**
 * A process that starts while the list is read is found in the next round; a killed one is listed until it has ended.
 */
const ROUNDS = 20;
const BETWEEN_MS = 10;

/**
 * Kills the processes whose environment names the workspace, also those that have left its process group, as daemons
 * do. Returns how many. Finds none where there is no `/proc`.
 */
export async function killByEnv(folder: string): Promise<number> {
  const killed = new Set<number>();
  for (let round = 0; round < ROUNDS; round++) {
    const found = await pidsOf(folder);
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

async function pidsOf(folder: string): Promise<number[]> {
  const names = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    names.map(async (name) => {
      const environment = await readFile(`/proc/${name}/environ`, 'utf8').catch(() => '');
      return environment.split('\0').includes(`${WORKSPACE_VARIABLE}=${folder}`) ? Number(name) : undefined;
    }),
  );
  return found.filter((pid) => pid !== undefined);
}
