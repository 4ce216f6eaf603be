import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { withDeadline } from '../../../../async/deadline.js';
import { withPipes } from '../../with-pipes.js';
import type { Engine } from './engine.js';

/** In milliseconds. */
const READY_MS = 120_000;
const MAX_SAID = 1_000;

/** It does nothing, by what every shell has built in, until its input ends: with this process too, whatever that is killed by. */
export const HOLD = 'echo ready; read -r _';

/**
 * Starts the container whose network the containers of all steps share: by loopback they reach each other. Returns what ends it. Throws what
 * keeps it from being made, as the engine says it. `args`: of the engine's client, `HOLD` included.
 */
export async function holdContainer(
  { program, env }: Engine,
  { args, marks, signal }: { args: readonly string[]; marks: Readonly<Record<string, string>>; signal: AbortSignal },
): Promise<() => void> {
  const child = withPipes(
    spawn(program, [...args], {
      cwd: '/',
      env: { ...env, ...marks },
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    }),
  );
  const close = () => {
    for (const stream of child.stdio) stream?.destroy();
  };
  for (const stream of child.stdio) stream?.on('error', () => undefined);
  let said = '';
  child.stderr.on('data', (part: Buffer) => {
    said = (said + part.toString()).slice(-MAX_SAID);
  });
  const failed = once(child, 'exit').then(() => {
    throw new Error(said.trim() || `${program} run ended at once`);
  });
  failed.catch(() => undefined);
  try {
    await withDeadline({ ms: READY_MS, parent: signal }, () => Promise.race([once(child.stdout, 'data'), failed]));
    return close;
  } catch (error) {
    close();
    throw error;
  }
}
