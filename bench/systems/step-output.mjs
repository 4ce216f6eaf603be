import { join } from 'node:path';
import { Context } from '@temporalio/activity';
import { MockActivityEnvironment } from '@temporalio/testing';
import { pino } from 'pino';
import { createWithJob } from '../../dist/activities/job/open-job.js';
import { runStep } from '../../dist/activities/job/run-step.js';
import { createFindingsWatch } from '../../dist/activities/job/watch-findings.js';
import { loadConfig } from '../../dist/config/load.js';
import { openSqliteStore } from '../../dist/store/sqlite/open.js';
import { makeRepository } from '../lib/repository.mjs';
import { serve } from '../lib/serve.mjs';
import { writeConfig } from '../lib/write-config.mjs';

/** As many secrets as an installation has, which are looked for in all output. */
const SECRETS = Array.from({ length: 20 }, (_, nr) => [`BENCH_SECRET_${nr}`, `a-secret-of-the-bench-${nr}`]);
const JOB_MS = 600_000;

let store;
let withJob;
let checkout;
let ran = 0;

serve({
  async begin({ folder }) {
    const repository = join(folder, 'app.git');
    const sha = makeRepository(repository, { files: 1 }).commit();
    checkout = { source: 'github', repository: 'bench/app', sha, ref: 'refs/heads/main' };
    await writeConfig(folder, { secrets: Object.fromEntries(SECRETS.map(([env], nr) => [`secret-${nr}`, { env }])) });
    const env = { ...Object.fromEntries(SECRETS), GITHUB_WEBHOOK_SECRET: 'x'.repeat(32), HOOKYARD_DATA: folder };
    const config = await loadConfig({ env: { ...env, HOOKYARD_WORKSPACES: join(folder, 'workspaces') }, cwd: folder });
    config.sources.github.clone.url = repository;
    store = await openSqliteStore({ path: join(folder, 'hookyard.db') });
    const reportStatus = async () => ({ reported: true });
    withJob = createWithJob({
      ...{ config, store, log: pino({ level: 'silent' }), reportPending: async () => undefined },
      watch: [createFindingsWatch({ records: store.records, reportStatus })],
    });
  },
  /** Runs a command line as the only step of a job. Answers how long the step took, and until its output was stored. */
  async run({ command }) {
    ran += 1;
    const input = { name: 'it', env: {}, timeoutMs: JOB_MS, context: 'hookyard/it', checkout, steps: 1 };
    const workflowExecution = { workflowId: `run ${ran}`, runId: 'r' };
    const around = new MockActivityEnvironment({ workflowExecution, workflowType: 'ci', heartbeatTimeoutMs: 60_000 });
    return around.run(() => withJob(input, (job) => timed(job, { name: 'it', run: command, problems: [] })));
  },
  end: () => store.close(),
});

async function timed(job, step) {
  let most = 0;
  const look = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, 20);
  const began = performance.now();
  const { cancellationSignal: signal } = Context.current();
  const { outcome, because, durationMs } = await runStep(job, { step, number: 1, attempt: 1, signal });
  await job.jobLog.end();
  clearInterval(look);
  if (outcome !== 'passed') throw new Error(`the step ${outcome}: ${because}`);
  return { ms: durationMs, storedMs: performance.now() - began, peakMb: most / 2 ** 20 };
}
