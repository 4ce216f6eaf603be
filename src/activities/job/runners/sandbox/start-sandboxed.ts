import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { valueWithin } from '../../../../async/deadline.js';
import { NICER_BY } from '../../../../niceness.js';
import { signalGroup, signalOne, stopGroup } from '../../../stop-group.js';
import { laterThan, pidsNow } from '../../later-pids.js';
import { lowerPriority } from '../../low-priority.js';
import {
  type GracePeriods,
  groupOf,
  KILL_MS,
  type PipedProcess,
  type ProcessExit,
  type ProcessGroup,
} from '../../process-group.js';
import { stopTree } from '../../stop-tree.js';
import { withPipes } from '../../with-pipes.js';
import type { RunnerOptions } from '../runner.js';
import { toldExit } from '../told-exit.js';
import { FILES, FILTER } from './system-files.js';
import { ownIds } from './worker-user-ids.js';

/** What a sandbox of one program is made of. */
export interface Sandboxed extends RunnerOptions {
  /** The workspace's folder. */
  readonly folder: string;
  /** A process in the network and the user namespace that the programs of a job share. */
  readonly network: number;
  /** What it sees: bubblewrap's arguments. */
  readonly view: readonly string[];
  /** Its bounds: see {@link limitsOf}. */
  readonly limits: readonly string[];
  /** Variables by which the processes outside of the sandbox that hold it are found. */
  readonly marks: Readonly<Record<string, string>>;
}

/** What was inherited from whoever has started the worker is closed: it could lead out. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: it is Bash's.
const CLOSE_OTHERS = 'for f in /proc/self/fd/*; do f=${f##*/}; ((f <= 5)) || exec {f}>&-; done; exec "$@"';

/** Without any of the user's files that programs read by themselves, and of the job's variables: these count within. */
const OUTER = ['--noprofile', '--norc', '-c', CLOSE_OTHERS, 'bash'];

const NAMESPACES = ['user', 'pid', 'ipc', 'uts'].map((name) => `--unshare-${name}`);

/** The worker's own, which may be root in the namespace that the sandbox is made in: see {@link holdNetwork}. */
const { uid, gid } = ownIds();
const IDS = ['--uid', String(uid), '--gid', String(gid)];

const SAFE = [
  ...[...NAMESPACES, '--unshare-cgroup-try', '--disable-userns', '--hostname', 'sandbox'],
  ...['--cap-drop', 'ALL', '--die-with-parent', '--json-status-fd', '4', '--seccomp', '5'],
];

/** How long what a killed process has left may take to end, in milliseconds. */
const ENDING_MS = 10_000;
const LOOK_MS = 1;
const STATUS_MS = 1_000;
/** How long bubblewrap may take to tell how the first program has ended, in milliseconds. */
const TOLD_MS = 300;

/**
 * Starts a program in a sandbox, in a process-id namespace of its own: when its first process ends, all of it does. Where it is stopped, what
 * that has started has its time to clean up all the same.
 */
export function startSandboxed(options: Sandboxed, { interruptMs, terminateMs }: GracePeriods): ProcessGroup {
  const { niceness = NICER_BY } = options;
  const pids = pidsNow();
  const child = launch(options, 'piped') as PipedProcess;
  lowerPriority(child, niceness);
  // Within, it is the first of a session, and so of a group, of its own.
  const status = readStatus(child, (pid) => {
    const first = {
      pid,
      get exitCode() {
        return child.exitCode;
      },
      get signalCode() {
        return child.signalCode;
      },
    };
    lowerPriority(first, niceness);
  });
  let stopping: Promise<void> | undefined;
  return groupOf(child, end(child, status), async (ended) => {
    const signals = [
      { signal: 'SIGINT', waitMs: interruptMs },
      { signal: 'SIGTERM', waitMs: terminateMs },
    ] as const;
    status.isStopped = true;
    const { pid: outer } = child;
    const { first } = status;
    if (first !== undefined && outer !== undefined && isRunning(child)) {
      // It ends with the first program, and has Linux end all others. The first process within waits for them.
      signalOne(outer, 'SIGSTOP');
      const among = () => laterThan({ pid: first, pids }, pidsNow());
      stopping ??= stopTree({ pid: first, first: ended, isInit: true, isOurs: sharesPids(first), among }, signals);
      await stopping;
      signalOne(outer, 'SIGCONT');
      const told = ended.then(
        () => true,
        () => true,
      );
      if (await valueWithin(TOLD_MS, told)) return true;
    }
    return stopGroup(child.pid, ended, [{ signal: 'SIGKILL', waitMs: KILL_MS }]);
  });
}

function isRunning({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}

/** Returns what tells of a process whether it is in the same process-id namespace as another. */
function sharesPids(first: number): (pid: number) => Promise<boolean> {
  const spaceOf = (pid: number) => readlink(`/proc/${pid}/ns/pid`).catch(() => undefined);
  const own = spaceOf(first);
  return async (pid) => {
    const [space, its] = [await own, await spaceOf(pid)];
    return space !== undefined && space === its;
  };
}

/** Starts a program in a sandbox on this process's terminal. */
export function attachSandboxed(options: Sandboxed): ChildProcess {
  return launch(options, 'inherit');
}

function launch(
  { folder, network, view, limits, marks, command, args, cwd, env }: Sandboxed,
  kind: 'piped' | 'inherit',
): ChildProcess {
  const inside = Object.entries(env).flatMap(([name, value]) => ['--setenv', name, value]);
  // A new session can't reach the terminal: what is typed into needs it, and the filter refuses to type by itself.
  const session = kind === 'piped' ? ['--new-session'] : [];
  const sandbox = [...SAFE, ...IDS, ...session, ...view, '--chdir', cwd, '--clearenv', ...inside];
  const enter = ['nsenter', '--target', String(network), '--user', '--net', '--preserve-credentials', '--'];
  const filter = openSync(join(folder, FILES, FILTER), 'r');
  try {
    const outer =
      kind === 'piped' ? (['ignore', 'pipe', 'pipe'] as const) : (['inherit', 'inherit', 'inherit'] as const);
    const child = withPipes(
      spawn('bash', [...OUTER, ...enter, 'bwrap', '--args', '3', ...limits, command, ...args], {
        cwd: '/',
        env: { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', ...marks },
        detached: kind === 'piped',
        stdio: [...outer, 'pipe', 'pipe', filter],
      }),
    );
    const told = child.stdio[3] as Writable;
    // It has ended before it has read them, and says why.
    told.on('error', () => undefined);
    // Not on the command line, which other users can read: variables may be secrets.
    told.end(sandbox.map((one) => `${one}\0`).join(''));
    return child;
  } finally {
    closeSync(filter);
  }
}

/** What bubblewrap tells while it runs. */
interface Status {
  /** The first process within: the first of all of its namespace, and of its group. */
  first?: number;
  hasBegun: boolean;
  isStopped: boolean;
  /** Resolves once nothing more comes. */
  readonly told: Promise<unknown>;
}

function readStatus(child: ChildProcess, onFirst: (pid: number) => void): Status {
  const stream = child.stdio[4] as Readable;
  const status: Status = { hasBegun: false, isStopped: false, told: once(stream, 'close').catch(() => undefined) };
  let text = '';
  stream.setEncoding('utf8').on('error', () => undefined);
  stream.on('data', (part: string) => {
    text += part;
    const first = /"child-pid": (\d+)/.exec(text)?.[1];
    if (first !== undefined && status.first === undefined) {
      status.first = Number(first);
      onFirst(status.first);
    }
    // It is told only of a program that was started.
    status.hasBegun = text.includes('"exit-code"');
  });
  return status;
}

async function end(child: ChildProcess, status: Status): Promise<ProcessExit> {
  const [exitCode, signal] = (await once(child, 'exit')) as [number | null, string | null];
  signalGroup(child.pid, 'SIGKILL');
  await valueWithin(STATUS_MS, status.told);
  if (status.first !== undefined) await gone(status.first);
  if (signal !== null) return { exitCode: undefined, signal };
  if (exitCode !== 0 && !status.hasBegun && !status.isStopped)
    throw new Error('the sandbox could not be made: the output says why, and npx hookyard doctor what to do');
  return toldExit(exitCode);
}

/** Waits until the first process of a namespace has ended: Linux ends all others before it. */
async function gone(first: number): Promise<void> {
  for (const until = Date.now() + ENDING_MS; Date.now() < until; await wait(LOOK_MS)) {
    try {
      const state = /\) (\S)/.exec(readFileSync(`/proc/${first}/stat`, 'latin1'))?.[1];
      if (state === undefined || 'ZX'.includes(state)) return;
    } catch {
      return;
    }
  }
}
