import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startSystem } from './system.mjs';

/** Starts our receiver in a process of its own, with a store on disk. The dispatcher is off until it is asked for. */
export async function startReceiver(bench, { name, ...options }) {
  const data = join(bench.folder, name);
  const execArgv = bench.profile ? ['--cpu-prof', `--cpu-prof-dir=${join(bench.profile, name)}`] : [];
  await mkdir(data, { recursive: true });
  return startSystem(bench, { module: 'systems/receiver.mjs', execArgv, options: { data, ...options } });
}
