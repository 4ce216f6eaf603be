import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';

/** The name of the variable by which the processes of a job are known, whatever they are. */
export const WORKSPACE_VARIABLE = 'HOOKYARD_WORKSPACE';

/** One that is begun while the list is read is found by the next round; a killed one is seen until it has ended. */
const ROUNDS = 20;
const BETWEEN_MS = 10;

/**
 * Ends the processes whose environment says that they belong to the workspace, wherever they have got to: a daemon leaves
 * its process group. Answers how many. Finds none where there is no `/proc`.
 */
export async function endMarked(folder: string): Promise<number> {
  const ended = new Set<number>();
  for (let round = 0; round < ROUNDS; round++) {
    const found = await marked(folder);
    if (found.length === 0) break;
    for (const pid of found) {
      try {
        process.kill(pid, 'SIGKILL');
        ended.add(pid);
      } catch {
        // It ended by itself.
      }
    }
    await wait(BETWEEN_MS);
  }
  return ended.size;
}

async function marked(folder: string): Promise<number[]> {
  const names = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    names.map(async (name) => {
      const environment = await readFile(`/proc/${name}/environ`, 'utf8').catch(() => '');
      return environment.split('\0').includes(`${WORKSPACE_VARIABLE}=${folder}`) ? Number(name) : undefined;
    }),
  );
  return found.filter((pid) => pid !== undefined);
}
