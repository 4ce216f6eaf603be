import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { callEngine, type Engine } from './engine.js';
import { findEngine, isEngine, type WhichEngine } from './find-engine.js';
import { LABEL } from './run-options.js';

/** In a workspace's folder, where steps can't write: there may be containers of its job. */
const MARK = 'has-containers';
/** In milliseconds. */
const REMOVE_MS = 60_000;

/** Notes that there may be containers that work in a workspace, for who clears up after its worker. */
export async function noteContainers(folder: string): Promise<void> {
  await writeFile(join(folder, MARK), '');
}

/** Kills and removes the containers that work in a workspace. Returns how many. Throws what the engine says where it can't. */
export async function removeContainers(engine: Engine, folder: string): Promise<number> {
  const options = { timeoutMs: REMOVE_MS };
  const list = ['ps', '--all', '--quiet', '--no-trunc', '--filter', `label=${LABEL}=${folder}`];
  const ids = (await callEngine(engine, list, options)).split('\n').filter(Boolean);
  // Podman would let them end by themselves, in ten seconds each.
  const atOnce = engine.kind === 'podman' ? ['--time', '0', '--ignore'] : [];
  if (ids.length > 0) await callEngine(engine, ['rm', '--force', '--volumes', ...atOnce, ...ids], options);
  return ids.length;
}

/** Does so for the workspace of a worker that was killed. Throws where there may be some, and no engine answers. */
export async function sweepContainers(config: WhichEngine, folder: string): Promise<number> {
  const isNoted = await access(join(folder, MARK)).then(
    () => true,
    () => false,
  );
  if (!isNoted) return 0;
  const engine = await findEngine(config);
  if (!isEngine(engine)) throw new Error(`its containers may still run: ${engine.because}`);
  return removeContainers(engine, folder);
}
