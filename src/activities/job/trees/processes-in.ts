import { readdir, readlink } from 'node:fs/promises';

/**
 * Returns the ids of processes that are at work in a folder: it is where they are, or holds a file that they have open. Those of other
 * users can't be seen, nor any where there is no `/proc`.
 */
export async function processesIn(folder: string): Promise<number[]> {
  const ids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(
    ids.map(async (pid) => {
      if (pid === process.pid) return undefined;
      const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
      const links = [`/proc/${pid}/cwd`, `/proc/${pid}/root`, ...files.map((name) => `/proc/${pid}/fd/${name}`)];
      const targets = await Promise.all(links.map((link) => readlink(link).catch(() => '')));
      return targets.some((target) => target === folder || target.startsWith(`${folder}/`)) ? pid : undefined;
    }),
  );
  return found.filter((pid) => pid !== undefined);
}
