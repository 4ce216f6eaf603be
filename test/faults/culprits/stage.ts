import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../../src/paths.js';
import type { ReadinessAnswer, RunState, StuckRunsAnswer } from '../../../src/server/api/contract.js';
import { API_TOKEN, SECRET } from '../../support/harness/place.js';
import { type HookyardProcess, startHookyard } from '../../support/harness/process.js';
import { workerProcessOf } from '../../support/harness/worker-process.js';

/** A `hookyard start` with all that belongs to it, Temporal too, in a folder of its own. */
export interface Stage {
  readonly url: string;
  readonly secret: string;
  readonly source: string;
  output(): string;
  workerPid(): number | undefined;
  readiness(): Promise<ReadinessAnswer>;
  stuckRuns(): Promise<StuckRunsAnswer>;
  statusOf(run: string): Promise<RunState['status'] | undefined>;
  /** What `hookyard runs --stuck` prints. */
  printedStuck(): Promise<string>;
  close(): Promise<void>;
}

const SOURCE = 'load';
const COMMAND_MS = 30_000;

/** Starts it. Rejects with its output when it does not come up. */
export async function openStage(): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'hookyard-culprits-'));
  const config = join(folder, 'hookyard.config.ts');
  await writeFile(
    config,
    `import { defineConfig, env } from 'hookyard/config';
export default defineConfig({
  activities: '${join(packageRoot, 'test/faults/culprits/steps.ts')}',
  sources: { '${SOURCE}': { kind: 'github', secrets: [env('HOOK_SECRET')] } },
});
`,
  );
  const env = {
    HOOKYARD_CONFIG: config,
    HOOKYARD_AUTOMATIONS: join(packageRoot, 'test/faults/culprits/automations'),
    HOOKYARD_JOB_SLOTS: '1',
    HOOKYARD_API_TOKEN: API_TOKEN,
    HOOK_SECRET: SECRET,
    // What Node allows itself on most machines, whatever it would on this one.
    NODE_OPTIONS: '--max-old-space-size=4096',
  };
  const remove = () => rm(folder, { recursive: true, force: true, maxRetries: 5 });
  const hookyard: HookyardProcess = await startHookyard(['start'], { data: folder, env }).catch(async (error) => {
    await remove();
    throw error;
  });
  const get = async <T>(path: string): Promise<T> => {
    const headers = { authorization: `Bearer ${API_TOKEN}` };
    return (await (await fetch(`${hookyard.url}${path}`, { headers })).json()) as T;
  };
  return {
    url: hookyard.url,
    secret: SECRET,
    source: SOURCE,
    output: hookyard.output,
    workerPid: () => workerProcessOf(hookyard.pid),
    readiness: () => get('/readyz'),
    stuckRuns: () => get('/api/runs/stuck'),
    statusOf: async (run) => (await get<RunState | undefined>(`/api/runs?id=${encodeURIComponent(run)}`))?.status,
    printedStuck: () =>
      new Promise((resolve) => {
        const args = [join(packageRoot, 'bin/hookyard.mjs'), 'runs', '--stuck', '--url', hookyard.url];
        const settings = { env: { PATH: process.env.PATH, HOOKYARD_API_TOKEN: API_TOKEN }, timeout: COMMAND_MS };
        execFile(process.execPath, args, settings, (_, out, err) => resolve(out + err));
      }),
    async close() {
      await hookyard.kill('SIGTERM');
      await remove();
    },
  };
}
