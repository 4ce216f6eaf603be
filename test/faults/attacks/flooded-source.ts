import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from '@temporalio/client';
import { connectTo } from '../../support/connect.js';
import { closers } from '../../support/harness/closers.js';
import { API_TOKEN, SECRET } from '../../support/harness/place.js';
import { startHookyard } from '../../support/harness/process.js';
import { push, sendLoad, sendPush } from '../../support/harness/send-push.js';
import { createEngine } from '../engine.js';

/** What the flood of one source did to another. */
export interface FloodedSource {
  /** Deliveries of the flood that were answered 202. */
  readonly flood: number;
  /** How many of their runs waited for their start when the other source's delivery was answered. */
  readonly inFront: number;
  /** From that answer until Temporal had the other's run, and until that run had ended, in milliseconds. */
  readonly startedAfterMs: number;
  readonly endedAfterMs: number;
}

const FLOOD = 4_000;
const CONNECTIONS = 32;
const POLL_MS = 20;
const DEADLINE_MS = 10 * 60_000;

/**
 * Sends 4,000 deliveries of one source to `hookyard start`, and then one of another, on a Temporal server of its own. Each
 * starts a run. Returns how long the other's run waited behind those of the flood. `store`: `DATABASE_URL` of an empty
 * database; without it, the store is a file.
 */
export async function floodedSource({
  cli,
  database,
  say,
}: {
  cli: string;
  database?: string | undefined;
  say: (line: string) => void;
}): Promise<FloodedSource> {
  const { add, defer, close } = closers();
  try {
    const folder = await mkdtemp(join(tmpdir(), 'hookyard-flood-'));
    defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
    const engine = await createEngine({ cli, folder });
    defer(() => engine.kill());
    await engine.start();
    const address = `127.0.0.1:${engine.port}`;
    const client = new Client({ connection: add(await connectTo(address)) });
    const env = {
      ...(await writeProject(folder)),
      TEMPORAL_ADDRESS: address,
      ...(database && { DATABASE_URL: database }),
    };
    const server = await startHookyard(['start'], { data: join(folder, 'data'), env });
    defer(() => server.kill('SIGTERM'));
    const to = { secret: SECRET, branch: 'main' };
    // Both are warm: the first run of a worker takes longer.
    for (const source of ['loud', 'quiet']) await untilEnded(client, await runOf(server.url, { ...to, source }));

    say(`${FLOOD} deliveries of one source, then one of another`);
    const flood = await sendLoad({
      ...to,
      url: () => server.url,
      count: FLOOD,
      connections: CONNECTIONS,
      source: 'loud',
    });
    const workflowId = await runOf(server.url, { ...to, source: 'quiet' });
    const answeredAt = Date.now();
    const inFront = (await waiting(server.url)) - 1;
    const { startTime, closeTime } = await untilEnded(client, workflowId);
    return {
      flood: flood.filter(({ status }) => status === 202).length,
      inFront,
      startedAfterMs: startTime.getTime() - answeredAt,
      endedAfterMs: closeTime.getTime() - answeredAt,
    };
  } finally {
    await close();
  }
}

/** Writes a project with two sources and an automation of one short step; returns the environment of its processes. */
async function writeProject(folder: string): Promise<Record<string, string>> {
  await mkdir(join(folder, 'automations'));
  await writeFile(
    join(folder, 'automations/step.ts'),
    `import { automation, push, sync } from 'hookyard/workflow';
export const step = automation({ on: push() }, async (event) => {
  await sync.upsert('steps', event.deliveryId, {}, { version: 1 });
});
`,
  );
  const config = join(folder, 'hookyard.config.ts');
  await writeFile(
    config,
    `import { defineConfig, env } from 'hookyard/config';
const of = () => ({ kind: 'github' as const, secrets: [env('HOOK_SECRET')] });
export default defineConfig({ sources: { loud: of(), quiet: of() } });
`,
  );
  return { HOOKYARD_CONFIG: config, HOOK_SECRET: SECRET, HOOKYARD_API_TOKEN: API_TOKEN };
}

/** Sends one delivery and returns the workflow id of its run. */
async function runOf(url: string, to: { secret: string; branch: string; source: string }): Promise<string> {
  const { status, body } = await sendPush(url, { ...to, body: push(to.branch) });
  const [run] = body.runs ?? [];
  if (run === undefined) throw new Error(`a delivery of ${to.source} was answered ${status} and starts nothing`);
  return run;
}

async function waiting(url: string): Promise<number> {
  const { waiting } = (await (await fetch(`${url}/readyz`)).json()) as { waiting?: number };
  // Not counted in time: something waits.
  return waiting ?? 1;
}

async function untilEnded(client: Client, workflowId: string): Promise<{ startTime: Date; closeTime: Date }> {
  for (const began = Date.now(); ; await inTime(began)) {
    // It is not there until it is started.
    const run = await client.workflow
      .getHandle(workflowId)
      .describe()
      .catch(() => undefined);
    if (run?.closeTime) return { startTime: run.startTime, closeTime: run.closeTime };
  }
}

async function inTime(began: number): Promise<void> {
  if (Date.now() - began > DEADLINE_MS) throw new Error(`nothing came of it within ${DEADLINE_MS / 1_000} s`);
  await wait(POLL_MS);
}
