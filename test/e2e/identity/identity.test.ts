import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HookyardEvent, PushEvent } from '../../../src/events/event.js';
import { packageRoot } from '../../../src/paths.js';
import { tokenKey } from '../../../src/secrets/token-key.js';
import { closers } from '../../support/harness/closers.js';
import { type Installation, openInstallation } from '../../support/harness/installation.js';
import { openRepository, type TestRepository } from '../../support/harness/repository.js';
import { runReceiver } from '../../support/harness/running-receiver.js';
import { runWorker, type TestWorker } from '../../support/harness/worker.js';
import { type RelyingParty, startRelyingParty } from '../../support/relying-party.js';
import { testClient, unique } from '../../support/temporal.js';
import { manualEvent, pullRequestEvent, pushEvent } from '../../triggers/sample-events.js';

const PEM = tokenKey.make();
const REPOSITORY = { id: '4711', fullName: 'acme/app', url: 'https://github.com/acme/app', private: false };

const { add, defer, close } = closers();
let installation: Installation;
let client: Awaited<ReturnType<typeof testClient>>;
let worker: TestWorker;
let relying: RelyingParty;
let source: TestRepository;
let sha: string;

beforeAll(async () => {
  client = add(await testClient());
  installation = add(
    await openInstallation({
      name: 'identity',
      automations: join(packageRoot, 'test/e2e/identity/automations'),
      config: ({ folder, receiver }) => ({
        server: { publicUrl: receiver, idTokens: { keys: [{ env: 'KEY' }] } },
        sources: {
          github: {
            kind: 'github',
            secrets: [{ env: 'HOOK' }],
            clone: { url: `${folder}/repositories/{fullName}.git` },
          },
        },
      }),
      values: { HOOK: 'x', KEY: PEM, HOOKYARD_CALLBACK_KEY: 'k'.repeat(43) },
    }),
  );
  const receiver = add(await runReceiver(installation, client));
  relying = add(await startRelyingParty({ issuer: receiver.url, audience: 'sts.example.com' }));
  source = await openRepository(installation.folder);
  sha = await source.commit({
    'present.mjs': `const answer = await fetch(${JSON.stringify(relying.url)}, {
      method: 'POST',
      headers: { authorization: 'Bearer ' + process.env.ID_TOKEN },
    });
    console.log('answered', answer.status);`,
  });
  worker = await runWorker(installation);
  defer(() => worker.close());
}, 120_000);
afterAll(close);

const logOf = async (workflowId: string) =>
  (await installation.store.logs.read({ workflowId, job: 'upload' }, { after: 0, limit: 500 })).map(({ text }) => text);

/** Returns what a run ended of. */
function deepest({ cause, message }: Error): string {
  return cause instanceof Error ? deepest(cause) : message;
}

/** Returns a run that has ended, all that Temporal keeps of it, and what the relying party made of its tokens. */
async function ended(automation: string, event: HookyardEvent) {
  const before = relying.judged.length;
  const deliveryId = unique(automation);
  const run = await client.workflow.start(automation, {
    workflowId: deliveryId,
    taskQueue: installation.taskQueue,
    // Code of forks has been approved.
    args: [{ ...event, deliveryId }, { asks: {} }],
  });
  const failure = await run.result().then(() => undefined, deepest);
  const { events } = await run.fetchHistory();
  // Payloads are JSON in base64.
  const history = JSON.stringify(events).replace(/"data":"([\w+/]+=*)"/g, (_, data) => atob(data));
  return { failure, history, log: await logOf(deliveryId), run: deliveryId, judged: relying.judged.slice(before) };
}

const push = (change: Partial<PushEvent> = {}) => pushEvent({ repository: REPOSITORY, commit: { sha }, ...change });

test('a local relying party accepts the token of each step, which says what runs, and refuses the one for others', async () => {
  const { failure, judged, log, run } = await ended('deploy', push());
  expect([failure, log.filter((line) => line.startsWith('answered'))]).toEqual([
    undefined,
    ['answered 200', 'answered 200', 'answered 401'],
  ]);
  const claims = {
    sub: 'source:github:repository:acme/app:ref:refs/heads/main:automation:deploy',
    aud: 'sts.example.com',
    ...{ source: 'github', repository: 'acme/app', repository_id: '4711', ref: 'refs/heads/main', ref_type: 'branch' },
    ...{ sha, event_name: 'push', automation: 'deploy', run_id: run, run_attempt: '1', job: 'upload' },
  };
  expect(judged).toEqual([
    expect.objectContaining(claims),
    expect.objectContaining(claims),
    'ERR_JWT_CLAIM_VALIDATION_FAILED aud',
  ]);
  const [first, second] = judged as { jti: string; iat: number; exp: number }[];
  expect(first?.jti).not.toBe(second?.jti);
  expect((first?.exp ?? 0) - (first?.iat ?? 0)).toBe(600);
});

test('a token is in no history, no result and no log, however it is printed; a step may set its variable to something else', async () => {
  const { history, log } = await ended('deploy', push());
  const printed = `${history}\n${log.join('\n')}\n${installation.kept.printed.join('\n')}`;
  expect(log).toContain('id is none');
  expect(log).toContain('sig=***');
  expect(history.includes('"audience":"sts.example.com"')).toBe(true);
  expect(printed.match(/eyJ[\w-]+\.[\w-]+\.[\w-]{20}/)).toBeNull();
  const tokens = relying.received.map(({ headers }) => headers.authorization?.replace('Bearer ', '') ?? '');
  for (const token of tokens) {
    const signature = token.split('.')[2] ?? '?';
    expect(printed.includes(signature.slice(0, 40))).toBe(false);
    expect(printed.includes(Buffer.from(token).toString('base64').slice(-80, -8))).toBe(false);
  }
  for (const line of PEM.split('\n').slice(1, -1)) expect(printed.includes(line)).toBe(false);
});

test("a pull request of the repository's own has a subject that no branch has", async () => {
  await source.git(
    'push',
    '--quiet',
    join(installation.folder, 'repositories/acme/app.git'),
    `${sha}:refs/pull/7/head`,
  );
  const head = { ref: 'more', sha, repository: 'acme/app' };
  const own = await ended('deploy', pullRequestEvent({ repository: REPOSITORY, commit: { sha } }, { head }));
  expect(own.judged[0]).toMatchObject({
    sub: 'source:github:repository:acme/app:pull_request:automation:deploy',
    ...{ pull_request: '7', head_ref: 'more', base_ref: 'main', event_name: 'pull_request' },
  });
  expect(own.judged[0]).not.toHaveProperty('ref');
});

test.each(['deploy', 'trusting'])(
  'code of a fork gets no token, however it was approved and trusted: %s ends before its first step',
  async (automation) => {
    const head = { ref: 'main', sha, repository: 'eve/app' };
    const event = pullRequestEvent({ repository: REPOSITORY, commit: { sha } }, { fork: true, head });
    const { failure, log, judged } = await ended(automation, event);
    expect(failure).toMatch(
      /job upload gets no ID token: its code may be a stranger's, .* trust: true changes nothing/,
    );
    expect(log.join('\n')).not.toMatch(/begun|check out/);
    expect(judged).toEqual([]);
  },
);

test('a payload that somebody has edited gets none: no provider has signed which ref it names', async () => {
  const edited = { from: 'da44d55450b1de9963f5c2a3', by: 'anna' };
  const { failure, judged } = await ended('deploy', push({ edited, ref: 'refs/heads/prod', branch: 'prod' }));
  expect(failure).toMatch(/job upload gets no ID token: somebody has edited the payload/);
  expect(judged).toEqual([]);
});

test('a lifetime that is too long fails the run, and says what it may be', async () => {
  const { failure } = await ended('hourless', manualEvent());
  expect(failure).toContain('idToken(): "lifetime" must be from 1 minute to 1 hour, not "2 hours"');
});
