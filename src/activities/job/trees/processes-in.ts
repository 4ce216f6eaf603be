import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename } from 'node:path';
import { mapAtOnce } from '../../../async/at-once.js';
import { environmentOf, processesThat } from '../find-processes.js';

/** Of a second; the same on all that Linux runs on. Source: https://man7.org/linux/man-pages/man7/time.7.html */
const TICK_MS = 10;
/** So exact are the times at which processes started, and to spare. */
const SLACK_MS = 1_000;
/** That one process has open: a stranger's may have a million, and begin thousands of such. */
const MOST_FILES = 10_000;
const AT_ONCE = 100;

/** A process that is, or may be, at work in a folder. */
export interface ProcessIn {
  readonly pid: number;
  /** Goes on from "it". */
  readonly because: string;
}

/**
 * Returns processes that are, or may be, at work in a folder: it is where they are, holds their program or a file that they
 * have open, is seen in a container, or stands in their environment. Also those of this user that began after `sinceMs` (Unix ms)
 * and can't be looked into, as ssh-agent sees to. Those of other users can't be seen, nor any where there is no `/proc`.
 */
export async function processesIn(folder: string, sinceMs: number): Promise<ProcessIn[]> {
  const reasons = new Map<number, string>();
  const holds = async (pid: number) => {
    const because = await whyAtWork(pid, { folder, sinceMs });
    if (because !== undefined) reasons.set(pid, because);
    return because !== undefined;
  };
  await processesThat(holds, (pid) => pid !== process.pid);
  return [...reasons].map(([pid, because]) => ({ pid, because }));
}

async function whyAtWork(
  pid: number,
  { folder, sinceMs }: { folder: string; sinceMs: number },
): Promise<string | undefined> {
  const at = `/proc/${pid}`;
  const files = await readdir(`${at}/fd`).catch(() => undefined);
  if (!files) return (await isNewAndOwn(pid, sinceMs)) ? "began after the job and can't be looked into" : undefined;
  if ((await environmentOf(pid)).includes(folder)) return 'has it in its environment';
  if ((await readFile(`${at}/mountinfo`).catch(() => Buffer.alloc(0))).includes(basename(folder)))
    return 'is in a container that shows it';
  if (await leadIn(folder, ['cwd', 'root', 'exe'], at)) return 'is in it, or is a program of it';
  if (files.length > MOST_FILES) {
    // It may be, and finding out would take long.
    if (await isNewAndOwn(pid, sinceMs)) return `began after the job and has more than ${MOST_FILES} files open`;
    // One that sees other files than the worker, as steps in sandboxes do, would show the folder among its mounts.
    if ((await mountsOf(pid)) !== (await mountsOf('self'))) return undefined;
  }
  const open = files.map((name) => `fd/${name}`);
  return (await leadIn(folder, open, at)) ? 'has a file of it open' : undefined;
}

async function leadIn(folder: string, links: readonly string[], at: string): Promise<boolean> {
  const targets = await mapAtOnce(links, AT_ONCE, (link) => readlink(`${at}/${link}`).catch(() => ''));
  return targets.some((target) => target === folder || target.startsWith(`${folder}/`));
}

function mountsOf(pid: number | 'self'): Promise<string> {
  return readlink(`/proc/${pid}/ns/mnt`).catch(() => '');
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
