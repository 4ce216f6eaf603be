import { defineSignal, setHandler } from '@temporalio/workflow';
import type { JobReady } from '../../activities/contract/index.js';
import { JOB_READY_SIGNAL } from '../../runs/names.js';

/** Hosts that have told of a job. */
export interface HeardHosts {
  /** Those that nothing was begun on. */
  readonly waiting: JobReady[];
  /** The workspaces of all: a host may tell more than once. */
  readonly workspaces: Set<string>;
}

/** A job whose hosts are listened to. */
export interface HeardJob {
  /** Tells the jobs of one run apart. */
  readonly id: string;
  readonly heard: HeardHosts;
  /** Hears no more. */
  end(): void;
}

/** Jobs that are under way. Module state: the workflow sandbox gives each run its own. */
const hosts = new Map<string, HeardHosts>();
let jobs = 0;

/** Hears from now on which hosts hold a job of this name. */
export function hearHosts(name: string): HeardJob {
  jobs += 1;
  if (jobs === 1) setHandler(defineSignal<[JobReady]>(JOB_READY_SIGNAL), hearReady);
  const id = `${name} ${jobs}`;
  const heard: HeardHosts = { waiting: [], workspaces: new Set() };
  hosts.set(id, heard);
  return { id, heard, end: () => void hosts.delete(id) };
}

/** Returns the host of the latest attempt that waits, which waits no more. */
export function takeNewest({ waiting }: HeardHosts): JobReady {
  const [newest] = waiting.toSorted((a, b) => b.attempt - a.attempt);
  if (!newest) throw new Error('no host waits');
  waiting.splice(waiting.indexOf(newest), 1);
  return newest;
}

/** A host that tells late, when another has taken its place, waits for good. */
function hearReady(told: JobReady): void {
  const heard = hosts.get(told.job);
  if (!heard || heard.workspaces.has(told.workspace)) return;
  heard.workspaces.add(told.workspace);
  heard.waiting.push(told);
}
