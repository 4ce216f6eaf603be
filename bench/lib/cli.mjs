import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readRunning } from '../../dist/cli/client/running.js';

/** The program that people run. */
export const BIN = fileURLToPath(new URL('../../bin/hookyard.mjs', import.meta.url));
const STEPS = fileURLToPath(new URL('../systems/steps.mjs', import.meta.url));
/** What `npm start` passes to Node. */
const FLAGS = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url)))
  .scripts.start.split(' ')
  .filter((word) => word.startsWith('--'));
const READY_MS = 60_000;
const END_MS = 60_000;

/**
 * The environment of a user's Hookyard: a folder with its own configuration, and a Temporal that is there. `source`: what the
 * configured source has beside its secret, by the folder.
 */
export async function cliFolder(bench, { name, automations, temporal, taskQueue, source: more = () => ({}) }) {
  const data = join(bench.folder, name);
  await mkdir(data, { recursive: true });
  const config = join(data, 'hookyard.config.ts');
  const source = { kind: 'github', secrets: [{ env: 'GITHUB_WEBHOOK_SECRET' }], ...more(data) };
  await writeFile(config, `export default ${JSON.stringify({ activities: STEPS, sources: { github: source } })};\n`);
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    GITHUB_WEBHOOK_SECRET: bench.secret,
    HOOKYARD_CONFIG: config,
    HOOKYARD_DATA: data,
    HOOKYARD_AUTOMATIONS: fileURLToPath(new URL(`../automations/${automations}`, import.meta.url)),
    HOOKYARD_PORT: '0',
    HOOKYARD_METRICS_PORT: '0',
    HOOKYARD_TASK_QUEUE: taskQueue,
    TEMPORAL_ADDRESS: temporal,
  };
  return { data, env };
}

/** Runs `hookyard <command>` as a user does. */
export function runCli(bench, { command, env, data }) {
  const began = performance.now();
  const child = spawn(process.execPath, [...(command === 'start' ? FLAGS : []), BIN, command], {
    env,
    cwd: data,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), END_MS);
    await exited;
    clearTimeout(timer);
  };
  bench.onEnd(stop);
  return {
    pid: child.pid,
    stop,
    /** Resolves when the receiver answers, with its port and how long that took from the process's beginning. */
    async untilListening() {
      for (const until = Date.now() + READY_MS; Date.now() < until; await wait(5)) {
        if (child.exitCode !== null) throw new Error(`hookyard ${command} ended with ${child.exitCode}`);
        const running = await readRunning(data);
        const answer = running && (await fetch(`${running.url}/healthz`).catch(() => undefined));
        if (answer?.ok) return { port: Number(new URL(running.url).port), ms: performance.now() - began };
      }
      throw new Error(`hookyard ${command} did not come up`);
    },
  };
}
