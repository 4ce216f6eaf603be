import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createBackground } from '../../dist/activities/job/background.js';
import { createJobLog } from '../../dist/activities/job/job-log.js';
import { GRACE_PERIODS } from '../../dist/activities/job/process-group.js';
import { runStep } from '../../dist/activities/job/run-step.js';
import { readFindings } from '../../dist/activities/job/step-findings.js';
import { createMask } from '../../dist/secrets/mask.js';
import { Secret } from '../../dist/secrets/secret.js';
import { openSqliteStore } from '../../dist/store/sqlite/open.js';
import { serve } from '../lib/serve.mjs';

/** As many secrets as an installation has, which are looked for in all output. */
const SECRETS = Array.from({ length: 20 }, (_, nr) => new Secret(`a-secret-of-the-bench-${nr}`));
const quiet = { error() {}, warn() {}, info() {}, debug() {} };

let store;
let folder;
let ran = 0;

serve({
  async begin(given) {
    folder = given.folder;
    for (const each of ['src', 'home', 'tmp']) await mkdir(join(folder, each), { recursive: true });
    store = await openSqliteStore({ path: join(folder, 'hookyard.db') });
  },
  /** Runs a command line as a step of a job. Answers how long the step took, and until its output was stored. */
  async run({ command }) {
    ran += 1;
    const jobLog = createJobLog({
      logs: store.logs,
      job: { workflowId: `run ${ran}`, job: 'it' },
      attempt: 1,
      mask: createMask(SECRETS),
      log: quiet,
    });
    let most = 0;
    const look = setInterval(() => {
      most = Math.max(most, process.memoryUsage.rss());
    }, 20);
    const began = performance.now();
    const { outcome, durationMs } = await runStep(jobOf(jobLog), {
      step: { name: 'it', run: command },
      ...{ number: 1, attempt: 1, signal: new AbortController().signal },
    });
    await jobLog.end();
    clearInterval(look);
    if (outcome !== 'passed') throw new Error(`the step ${outcome}`);
    return { ms: durationMs, storedMs: performance.now() - began, peakMb: most / 2 ** 20 };
  },
  end: () => store.close(),
});

function jobOf(jobLog) {
  const source = join(folder, 'src');
  const workspace = { folder, source, home: join(folder, 'home'), temporary: join(folder, 'tmp') };
  const found = { root: source, cwd: source, tests: [], since: 0, problems: [], failedBefore: new Map() };
  const findings = readFindings({ ...found, mask: (text) => text, note() {}, onRed() {} });
  return {
    ...{ workspace, jobLog, mask: (text) => text, told: {}, at: 0 },
    input: { steps: 1, timeoutMs: 600_000 },
    watch: [() => ({ onLine: findings.line })],
    gracePeriods: GRACE_PERIODS,
    limit: new AbortController().signal,
    endsAt: Date.now() + 600_000,
    background: createBackground(),
    environment: () => ({ PATH: process.env.PATH }),
  };
}
