import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Context } from '@temporalio/activity';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCacheSweep } from '../../../src/activities/job/cache/sweep-caches.js';
import { createKeptFiles, type KeptFilesOf } from '../../../src/activities/job/kept-files.js';
import { createWithJob } from '../../../src/activities/job/open-job.js';
import { runStep } from '../../../src/activities/job/run-step.js';
import type { Config } from '../../../src/config/config.js';
import { sendArtifact } from '../../../src/server/api/artifacts.js';
import { HttpError } from '../../../src/server/http/http-error.js';
import { artifactStorage, cacheStorage } from '../../../src/storage/places.js';
import { installationOf } from '../../../src/store/installation.js';
import { closers } from '../../support/harness/closers.js';
import { freeAddress } from '../../support/harness/free-address.js';
import { activity, type Jobs, openJobs } from '../../support/harness/jobs.js';
import { ACCESS_KEY_ID, type S3Server, SECRET_ACCESS_KEY, startS3Server } from '../../support/s3-server.js';
import { tempFolder } from '../../support/temp-folder.js';
import { type Caching, openCaching } from './cache/caching.js';

const KEYS = { accessKeyId: { env: 'ID' }, secretAccessKey: { env: 'KEY' } };
const MAKE = 'mkdir -p modules; echo "made in $HOOKYARD_RUN" > modules/file';
const log = pino({ level: 'silent' });
const open = closers();
let server: S3Server;
let jobs: Jobs;
let caching: Caching;

beforeAll(async () => {
  server = open.add(await startS3Server());
  const { url: endpoint, bucket } = server;
  const s3 = { endpoint, bucket: bucket.Bucket, ...KEYS };
  jobs = open.add(await openJobs({ storage: { s3 } }, { ID: ACCESS_KEY_ID, KEY: SECRET_ACCESS_KEY }));
  await jobs.commit({ 'word.txt': 'hello\n' });
  caching = openCaching(jobs);
}, 400_000);
afterAll(() => open.close());

/** Returns the configuration of another machine, with the same bucket or another one. */
async function ofAnotherMachine(s3: Partial<NonNullable<Config['storage']['s3']>> = {}): Promise<Config> {
  const { config } = jobs;
  if (!config.storage.s3) throw new Error('there is no bucket');
  return { ...config, data: await tempFolder('another-machine'), storage: { s3: { ...config.storage.s3, ...s3 } } };
}

const cachesOf = (config: Config) => cacheStorage(config, { installation: installationOf(jobs.store.records) });

test('what a job has cached, a worker of another machine restores; with a data folder of its own it would not', async () => {
  const cache = { key: ['shared'], paths: ['modules'] };
  const { run } = await caching.run({ cache, steps: [MAKE] });
  const other = await ofAnotherMachine();
  const restored = await caching.run({ cache, steps: ['cat modules/file'], deps: { storage: cachesOf(other) } });
  expect(restored.printed).toEqual([`made in ${run}`]);
  expect(restored.results).toMatchObject([{ hit: 'exact' }]);
  const alone = { ...other, storage: {} };
  const missed = await caching.run({ cache, deps: { storage: cachesOf(alone) } });
  expect(missed.notes[0]).toBe('cache shared: nothing to restore');
});

test('what was saved while more could be kept is restored where less can be kept now', async () => {
  const cache = { key: ['larger'], paths: ['modules'] };
  const { run } = await caching.run({ cache, steps: [MAKE] });
  const other = await ofAnotherMachine();
  const smaller = cachesOf({ ...other, cache: { ...other.cache, megabytes: 0.000_01 } });
  const restored = await caching.run({ cache, steps: ['cat modules/file'], deps: { storage: smaller } });
  expect(restored.results).toMatchObject([{ hit: 'exact' }]);
  expect(restored.printed).toEqual([`made in ${run}`]);
});

test('a bucket that does not answer is asked once before the steps and once after them, however many caches there are', async () => {
  const cache = ['one', 'two', 'three'].map((key) => ({ key: [key], paths: ['modules'] }));
  await caching.run({ cache, steps: [MAKE] });
  const { url } = await freeAddress();
  const away = cachesOf(await ofAnotherMachine({ endpoint: url }));
  const { notes } = await caching.run({ cache, steps: [MAKE], deps: { storage: away } });
  const says = expect.stringContaining('ECONNREFUSED');
  const isNotAsked = 'its storage could not be used for the one before';
  expect(notes).toEqual([
    ...[expect.stringMatching(/^cache one: not restored: /), `cache two: not restored: ${isNotAsked}`],
    ...[`cache three: not restored: ${isNotAsked}`, says],
    ...[`cache two: not saved: ${isNotAsked}`, `cache three: not saved: ${isNotAsked}`],
  ]);
});

test('a bucket that does not answer is a miss that the log tells, and fails no job', async () => {
  const cache = { key: ['away'], paths: ['modules'] };
  await caching.run({ cache, steps: [MAKE] });
  const { url } = await freeAddress();
  const away = cachesOf(await ofAnotherMachine({ endpoint: url }));
  const says = `the bucket ${server.bucket.Bucket} at ${url}: it does not answer: ECONNREFUSED`;
  const { results, notes } = await caching.run({ cache, steps: [MAKE], deps: { storage: away } });
  expect(results).toEqual([{ key: 'away', hit: 'none' }]);
  expect(notes).toEqual([`cache away: not restored: ${says}`, `cache away: not saved: ${says}`]);
});

test('what has lain in the bucket for longer than the configuration says goes, with its entry; what a job has used stays', async () => {
  const asked = (key: string) => ({ key: [key], paths: ['modules'] });
  for (const key of ['used', 'unused']) await caching.run({ cache: asked(key), steps: [MAKE] });
  for (const key of await server.keys()) await server.age(key, Date.now() - 20 * 24 * 3_600_000);
  await caching.run({ cache: asked('used') });
  const { config, storage, book } = { ...jobs, ...caching };
  await createCacheSweep({ config, storage, book })();
  const left: string[] = [];
  for await (const { key } of book.all()) left.push(key);
  expect(left).toEqual(['used']);
  expect(await storage.list()).toHaveLength(1);
});

test('artifacts of a job are placed by a worker of another machine, and sent by a receiver of a third', async () => {
  const run = `ci/github/${randomUUID()}`;
  await kept(run, jobs.config, {
    artifacts: [{ name: 'site', paths: ['site'] }],
    steps: ['mkdir site; echo hello > site/a'],
  });
  const placed = await kept(`ci/github/${randomUUID()}`, await ofAnotherMachine(), {
    needs: [{ name: 'site', run }],
    steps: ['cat site/a'],
  });
  expect(placed).toEqual(['hello']);
  const sent = await sentBy(await ofAnotherMachine(), run);
  expect(sent.status).toBe(200);
  const bytes = Buffer.from(await sent.arrayBuffer());
  expect(bytes.subarray(0, 2).toString('hex')).toBe('1f8b');
  expect(sent.headers.get('content-length')).toBe(String(bytes.length));
  const { url } = await freeAddress();
  const refused = await sentBy(await ofAnotherMachine({ endpoint: url }), run);
  expect([refused.status, await refused.text()]).toEqual([
    502,
    expect.stringContaining('it does not answer: ECONNREFUSED'),
  ]);
  expect((await sentBy({ ...(await ofAnotherMachine()), storage: {} }, run)).status).toBe(409);
});

test('who asks for the head of an artifact is told what is known of it, and the bucket is asked for nothing', async () => {
  const run = `ci/github/${randomUUID()}`;
  await kept(run, jobs.config, {
    artifacts: [{ name: 'site', paths: ['site'] }],
    steps: ['mkdir site; echo hi > site/a'],
  });
  const { url } = await freeAddress();
  const head = await sentBy(await ofAnotherMachine({ endpoint: url }), run, { method: 'HEAD' });
  expect(head.status).toBe(200);
  const whole = await sentBy(await ofAnotherMachine(), run);
  expect(head.headers.get('content-length')).toBe(String((await whole.arrayBuffer()).byteLength));
});

test('an artifact is fetched when it is its turn, and who has to wait for too long is told to come again', async () => {
  const run = `ci/github/${randomUUID()}`;
  await kept(run, jobs.config, {
    artifacts: [{ name: 'site', paths: ['site'] }],
    steps: ['mkdir site; echo hi > site/a'],
  });
  const inTurn = () => Promise.reject(new HttpError(503, 'too much'));
  expect((await sentBy(await ofAnotherMachine(), run, { inTurn })).status).toBe(503);
});

/** Runs a job on a machine that keeps and needs artifacts, and returns what its steps have printed. */
async function kept(
  run: string,
  config: Config,
  {
    artifacts = [],
    needs = [],
    steps,
  }: Partial<Pick<KeptFilesOf, 'artifacts' | 'needs'>> & {
    steps: readonly string[];
  },
): Promise<readonly string[]> {
  const { records } = jobs.store;
  const files = createKeptFiles({ config, records, log });
  const gracePeriods = { interruptMs: 400, terminateMs: 400 };
  const withJob = createWithJob({ config, store: jobs.store, log, gracePeriods, reportPending: async () => undefined });
  const input = { ...(await jobs.input({ steps: [] })), steps: steps.length };
  const around = activity({ workflowExecution: { workflowId: run, runId: 'r' }, workflowType: 'ci' });
  await around.run(
    () =>
      withJob(input, async (job) => {
        const { cancellationSignal } = Context.current();
        const opened = await files.open({
          ...{ job, run, caches: undefined, needs, artifacts, isTakenUp: false },
          ...{ endsAt: Date.now() + 60_000, signal: cancellationSignal },
        });
        for (const [i, line] of steps.entries())
          await runStep(job, {
            step: { name: `${i}`, run: line },
            number: i + 1,
            attempt: 1,
            signal: cancellationSignal,
          });
        await opened?.keep({ saves: true });
      }),
    undefined,
  );
  const lines = await jobs.store.logs.read({ workflowId: run, job: 'test' }, { after: 0, limit: 500 });
  return lines.filter(({ stream }) => stream === 'stdout').map(({ text }) => text);
}

/** Returns what a receiver answers that is asked for an artifact. */
async function sentBy(
  config: Config,
  run: string,
  { method = 'GET', inTurn }: { method?: string; inTurn?: () => Promise<never> } = {},
): Promise<Response> {
  const { records } = jobs.store;
  const storage = artifactStorage(config, { installation: installationOf(records) });
  const receiver = createServer((_, res) => {
    sendArtifact(res, { records, storage, run, name: 'site', inTurn }).catch((error: HttpError) =>
      res.writeHead(error.status).end(error.message),
    );
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  open.defer(() => receiver.close());
  return fetch(`http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`, {
    method,
    headers: { connection: 'close' },
  });
}
