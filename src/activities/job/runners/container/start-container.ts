import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { valueWithin } from '../../../../async/deadline.js';
import { signalGroup } from '../../../stop-group.js';
import {
  type GracePeriods,
  groupOf,
  KILL_MS,
  type PipedProcess,
  type ProcessExit,
  type ProcessGroup,
} from '../../process-group.js';
import { withPipes } from '../../with-pipes.js';
import { toldExit } from '../told-exit.js';
import { callEngine, type Engine } from './engine.js';

/** The container of one step, and how it is started. */
export interface StartedContainer {
  readonly engine: Engine;
  readonly name: string;
  /** Of the engine's client. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Is there once the engine has made the container. */
  readonly idFile: string;
}

/** In milliseconds. */
const CALL_MS = 30_000;
/** As both tell that they could not do what they were asked. */
const ENGINE_FAILED = 125;

/** Starts the container of a step. When the step's first process ends by itself, all that it has started does. */
export function startContainer(started: StartedContainer, { interruptMs, terminateMs }: GracePeriods): ProcessGroup {
  const { engine, args, env } = started;
  const child = withPipes(
    spawn(engine.program, [...args], {
      cwd: '/',
      env: { ...env },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
  return groupOf(child, end(child, started), async (ended) => {
    const settled = ended.then(
      () => true,
      () => true,
    );
    const tell = async (signal: string, waitMs: number) => {
      void signalAll(started, signal);
      return (await valueWithin(waitMs, settled)) === true;
    };
    if (await tell('INT', interruptMs)) return true;
    if (await tell('TERM', terminateMs)) return true;
    await kill(started);
    if ((await valueWithin(KILL_MS, settled)) === true) return true;
    signalGroup(child.pid, 'SIGKILL');
    return (await valueWithin(KILL_MS, settled)) === true;
  });
}

/** Signals all that a step has started, and tells what runs the step to wait for it: see {@link stepEnvironment}. Never rejects. */
async function signalAll({ engine, name }: StartedContainer, signal: string): Promise<void> {
  const args = ['exec', name, '/bin/sh', '-c', `kill -s USR1 1; kill -s ${signal} -- -1 || kill -${signal} -1`];
  await callEngine(engine, args, { timeoutMs: CALL_MS }).catch(() => undefined);
}

async function kill({ engine, name }: StartedContainer): Promise<void> {
  await callEngine(engine, ['kill', '--signal', 'KILL', name], { timeoutMs: CALL_MS }).catch(() => undefined);
}

async function end(child: PipedProcess, started: StartedContainer): Promise<ProcessExit> {
  const [exitCode, signal] = (await once(child, 'exit')) as [number | null, string | null];
  if (signal !== null) {
    // The container does not end with its client.
    await kill(started);
    return { exitCode: undefined, signal };
  }
  if (exitCode === ENGINE_FAILED && !existsSync(started.idFile))
    throw new Error('the container could not be made: the output says why');
  return toldExit(exitCode);
}
