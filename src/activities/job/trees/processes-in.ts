import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename } from 'node:path';
import { mapAtOnce } from '../../../async/at-once.js';
import { environmentOf, processesThat } from '../processes.js';

/** Of a second; the same on all that Linux runs on. Source: https://man7.org/linux/man-pages/man7/time.7.html */
const TICK_MS = 10;
/** So exact are the times at which processes started, and to spare. */
const SLACK_MS = 1_000;
/** That one process has open: a stranger's may have a million, and begin thousands of such. */
const MOST_FILES = 10_000;
const AT_ONCE = 100;

/**
 * Returns the ids of processes that are, or may be, at work in a folder: it is where they are, holds their program or a file that they
 * have open, is seen in a container, or stands in their environment. Also those of this user that began after `sinceMs` (Unix ms)
 * and can't be looked into, as ssh-agent sees to. Those of other users can't be seen, nor any where there is no `/proc`.
 */
export function processesIn(folder: string, sinceMs: number): Promise<number[]> {
  return processesThat(
    async (pid) => (await isAtWork(pid, folder)) ?? (await isNewAndOwn(pid, sinceMs)),
    (pid) => pid !== process.pid,
  );
}

/** Returns undefined for a process that can't be looked into, or has ended. */
async function isAtWork(pid: number, folder: string): Promise<boolean | undefined> {
  const at = `/proc/${pid}`;
  const files = await readdir(`${at}/fd`).catch(() => undefined);
  if (!files) return undefined;
  // It may be, and finding out would take long.
  if (files.length > MOST_FILES) return true;
  if ((await environmentOf(pid)).includes(folder)) return true;
  if ((await readFile(`${at}/mountinfo`).catch(() => Buffer.alloc(0))).includes(basename(folder))) return true;
  const links = [...['cwd', 'root', 'exe'].map((name) => `${at}/${name}`), ...files.map((name) => `${at}/fd/${name}`)];
  const targets = await mapAtOnce(links, AT_ONCE, (link) => readlink(link).catch(() => ''));
  return targets.some((target) => target === folder || target.startsWith(`${folder}/`));
}

async function isNewAndOwn(pid: number, sinceMs: number): Promise<boolean> {
  const read = (name: string) => readFile(`/proc/${name}`, 'utf8').catch(() => '');
  const [status, stat, uptime] = await Promise.all([read(`${pid}/status`), read(`${pid}/stat`), read('uptime')]);
  const uid = /^Uid:\t(\d+)/m.exec(status)?.[1];
  // The second field is the program's name in brackets; the third the state, and the 22nd the start.
  const [state = '', ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ageMs = Number.parseFloat(uptime) * 1_000 - Number(fields[18]) * TICK_MS;
  const isOwn = uid !== undefined && Number(uid) === process.getuid?.();
  const hasEnded = state === 'Z' || state === 'X';
  return isOwn && !hasEnded && Date.now() - ageMs >= sinceMs - SLACK_MS;
}
