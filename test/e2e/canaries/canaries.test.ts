import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mapAtOnce } from '../../../src/async/at-once.js';
import { configSchema } from '../../../src/config/schema.js';
import { packageRoot } from '../../../src/paths.js';
import type { DeliveriesAnswer } from '../../../src/server/api/contract.js';
import { logPath, runPath } from '../../../src/server/page/paths.js';
import { closers } from '../../support/harness/closers.js';
import { openPlace } from '../../support/harness/place.js';
import { type HookyardProcess, startHookyard } from '../../support/harness/process.js';
import { makeRepository } from '../../support/harness/repository.js';
import { temporalAddress, testClient, unique } from '../../support/temporal.js';
import { startCollector } from '../../tracing/collector.js';
import { type Canary, canaryConfig } from './canary-config.js';
import { type Echo, startHttpEcho, startSmtpEcho } from './echo.js';
import { canariesIn, filesBelow, type Seen, watchProcesses } from './look.js';
import { secretOptions, secretsOf } from './secret-options.js';

/*
 * A canary in every secret that a configuration can hold, and servers that quote all that they are sent. Whatever comes out of
 * Hookyard is searched for the canaries.
 */

/** Prints the secret in all the ways that there are. The beginning is that of all command lines that may have it. */
const SHOWS = {
  name: 'shows',
  run: [
    'echo "$IT"; printf "user:%s:more" "$IT" | base64; printf "token:%s" "$IT" | base64 -w 20 >&2',
    'echo "it=$IT" >> "$HOOKYARD_OUTPUT"; echo "it is $IT" >> "$HOOKYARD_SUMMARY"',
    `printf '<testsuite name="%s"><testcase name="%s"><failure message="%s"/></testcase></testsuite>' "$IT" "$IT" "$IT" > it.xml`,
    'echo 1..1; echo "not ok 1 - $IT"; echo "word.txt:1:1: error: $IT"; echo "mine word.txt 1 $IT"',
    'one=Learnt9-of-the; echo "::add-mask::$one-line"; echo "$one-file" >> "$HOOKYARD_MASK"; echo "$one-line $one-file"',
    'echo "l=$one-line-$one-file" >> "$HOOKYARD_OUTPUT"',
  ].join('\n'),
  tests: ['*.xml', 'tap'],
  problems: [{ owner: 'mine', pattern: [{ regexp: '^mine (\\S+) (\\d+) (.*)$', file: 1, line: 2, message: 3 }] }],
};

const AUTOMATIONS = `
import { automation, branchHead, manual, notify, push, runJob, secret, sync, triggerBuild, webhook } from 'hookyard/workflow';

const shows = async (event) => {
  const { outputs } = await runJob(event, { name: 'shows', steps: [${JSON.stringify(SHOWS)}], env: { IT: secret('it') } });
  const steps = [{ name: 'ends with ' + outputs.it + outputs.l, run: 'echo "$IT"; echo "$IT" >&2; exit 1' }];
  const last = await runJob(event, { name: 'ends', steps, env: { IT: secret('it') } });
  throw new Error('it was ' + JSON.stringify([outputs, last]));
};

export const all = automation({ on: [push(), manual()] }, async (event) => {
  const work = [
    notify.slack('it', 'text'),
    notify.email('it', { subject: 'subject', text: 'text' }),
    notify.sms('it', 'text'),
    webhook.send('it', { type: 'type', data: {} }),
    triggerBuild.http('it', { timeout: '20 seconds' }),
  ];
  if (event.kind === 'push')
    work.push(
      runJob(event, { name: 'job', steps: ['echo "$IT" | tee /dev/stderr | base64'], env: { IT: secret('it') }, timeout: '2 minutes' }),
      ...(event.source === 'local' ? [shows(event)] : []),
      sync.mirror(event, 'it'),
      triggerBuild.githubActions(event, { workflow: 'ci.yml', timeout: '20 seconds' }),
      ...(event.source === 'github' ? ['gitlab', 'jenkins', 'buildkite', 'circleci', 'azure', 'woodpecker'] : []).map((build) =>
        triggerBuild.pipeline(event, build, { timeout: '20 seconds' })),
      branchHead({ source: event.source, repository: event.repository.fullName, branch: 'main' }),
    );
  const ended = await Promise.allSettled(work);
  throw new Error(ended.map((one) => String(one.reason ?? JSON.stringify(one.value))).join('; '));
});
`;

/** What a job puts together, so that no code holds it. */
const LEARNT = ['Learnt9-of-the-line', 'Learnt9-of-the-file'];

/** Sources whose APIs and git servers are called. */
const GIT = ['github', 'github-app', 'gitlab', 'gitea', 'forgejo', 'gogs', 'cloud', 'center', 'azure', 'azure-entra'];
/** How long runs and the looks for missed deliveries go on at least, and how long they may take until all have quoted, in ms. */
const WORKING_MS = { least: 25_000, most: 400_000 };
/** Secrets that are never sent to anybody: webhooks are verified by them, or what is asked of Hookyard. */
const OWN = /^(?:server\.(?!signIn)|secrets\.|sources\.[\w-]+\.secrets|endpoints\.\*\.secrets)/;
/** Secrets that are sent as something that is made of them, from which they can't be had. */
const SIGNING = /privateKey$|secretAccessKey$/;
/** Goes to a registry through a container engine, which is not started here: the container's own tests look where that puts it. */
const OF_IMAGES = /^jobs\.container\./;

const open = closers();
const { config } = canaryConfig({ http: 'http://127.0.0.1:1', smtp: 'smtp://127.0.0.1:1', repositories: '/' });
const COLLECTOR_KEY = 'Canary9-of-the-collector-0123456789';

afterAll(() => open.close());

test('every secret that the configuration can hold has a canary', () => {
  const held = secretsOf(configSchema.parse(config)).map(([option]) => option);
  expect([...new Set(held)].sort()).toEqual([...new Set(secretOptions(configSchema))].sort());
});

/** What came out of Hookyard: where, and what. */
type Come = readonly [where: string, text: string];

let come: Come[];
let seen: readonly Seen[];
let echo: Echo;
let mails: Echo;
let drawn: readonly Canary[];

beforeAll(async () => {
  echo = open.add(await startHttpEcho());
  mails = open.add(await startSmtpEcho());
  const collector = open.add(await startCollector(COLLECTOR_KEY));
  const taskQueue = unique('canaries');
  const place = await openPlace({ automations: AUTOMATIONS, temporal: temporalAddress() });
  await makeRepository(place.folder);
  const made = canaryConfig({ http: echo.url, smtp: mails.url, repositories: join(place.folder, 'repositories') });
  drawn = made.canaries;
  await writeFile(place.env.HOOKYARD_CONFIG ?? '', `export default ${JSON.stringify(made.config)}`);
  const { HOOKYARD_PORT: _, HOOKYARD_API_TOKEN: __, ...own } = place.env;
  const env = {
    ...own,
    ...Object.fromEntries(drawn.map(({ variable, secret }) => [variable, secret])),
    HOOKYARD_TASK_QUEUE: taskQueue,
    HOOKYARD_METRICS_PORT: '0',
    HOOKYARD_LOG_LEVEL: 'trace',
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_HEADERS: `x-api-key=${COLLECTOR_KEY}`,
    OTEL_BSP_SCHEDULE_DELAY: '200',
  };
  const hookyard = await startHookyard(['start'], { data: place.data, env });
  open.defer(() => hookyard.kill('SIGKILL'));
  const watch = watchProcesses(hookyard.pid);
  const signedIn = await signIns(hookyard.url);
  const asked = await work({ folder: place.folder, env });
  const api = await answers(hookyard, drawn);
  const histories = await historiesOf(taskQueue);
  await hookyard.kill('SIGTERM');
  seen = watch.end();
  const files = await filesBelow(place.data, 'secrets');
  come = [
    ...signedIn,
    ...asked,
    ...api,
    ...histories,
    ['the log', hookyard.output()],
    ['traces', collector.text()],
    ...files.map(({ path, text }): Come => [path.slice(place.data.length), text]),
  ];
}, 900_000);

/** Has Hookyard do all that it can, by its command line too. Returns what that printed. */
async function work({ folder, env }: { folder: string; env: Record<string, string> }): Promise<Come[]> {
  const printed: Come[] = [];
  const call = async (args: readonly string[]) => {
    const text = await printedBy(args, { folder, env });
    printed.push([`hookyard ${args.join(' ')}`, text]);
    return text;
  };
  const begun = Date.now();
  await mapAtOnce(GIT, 3, (source) => call(['send', '--source', source, '--repository', 'acme/app']));
  const pushed = ['send', '--source', 'local', '--repository', 'acme/app', '--from', join(folder, 'work')];
  const connects = GIT.map((source) => ['connect', source, 'acme/app', '--no-test']);
  const others = [
    pushed,
    ['run', 'all', '--json'],
    ['reconcile', '--json'],
    ['doctor', '--json', '--repository', 'acme/app'],
  ];
  await mapAtOnce([...others, ...connects], 3, call);
  await wait(Math.max(0, begun + WORKING_MS.least - Date.now()));
  const list = await call(['deliveries', '--json', '--source', 'local']);
  const { id, dispatches } = JSON.parse(list) as { id: string; dispatches: readonly { workflowId: string }[] };
  const runs = dispatches.map(({ workflowId }) => ['logs', workflowId]);
  // A busy machine takes longer than the least.
  for (;;) {
    const logs = await mapAtOnce(runs, 3, call);
    const isDone = notSent().length === 0 && logs.some((text) => text.includes('ends with ***'));
    if (isDone || Date.now() > begun + WORKING_MS.most) break;
    await wait(2_000);
  }
  await mapAtOnce(
    [
      ['explain', id],
      ['runs', '--stuck'],
    ],
    3,
    call,
  );
  return printed;
}

/** Signs in to the page by a provider that quotes the secret it is sent, in every way that it answers. Returns what the page says to it. */
async function signIns(url: string): Promise<Come[]> {
  const said: Come[] = [];
  for (let time = 0; time < 11; time += 1) {
    const begun = await fetch(`${url}/sign-in/oidc`, { redirect: 'manual' });
    const state = new URL(begun.headers.get('location') ?? '').searchParams.get('state');
    const cookie = (begun.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const back = `${url}/sign-in/oidc/back?${new URLSearchParams({ code: 'code', state: state ?? '' })}`;
    const ended = await fetch(back, { headers: { cookie, accept: 'text/html' }, redirect: 'manual' });
    said.push([`sign-in ${ended.status}`, JSON.stringify([...ended.headers]) + (await ended.text())]);
  }
  return said;
}

/** Returns the options whose secrets are for others, and were sent to none of them. */
function notSent(): readonly string[] {
  const sent = `${echo.sent()}\n${mails.sent()}`;
  return drawn
    .filter(
      ({ mark, option }) =>
        !OWN.test(option) && !SIGNING.test(option) && !OF_IMAGES.test(option) && !sent.includes(mark),
    )
    .map(({ option }) => option);
}

/** Runs the real command line, and returns what it printed, errors too. */
function printedBy(args: readonly string[], { folder, env }: { folder: string; env: Record<string, string> }) {
  return new Promise<string>((resolve) => {
    const program = [join(packageRoot, 'bin/hookyard.mjs'), ...args];
    const settings = { cwd: folder, env, timeout: 120_000, killSignal: 'SIGKILL' } as const;
    execFile(process.execPath, program, settings, (_, out, err) => resolve(out + err));
  });
}

/** Returns what the API and the page of metrics answer. */
async function answers(hookyard: HookyardProcess, all: readonly Canary[]): Promise<Come[]> {
  const token = all.find(({ option }) => option === 'server.apiToken')?.secret;
  const get = async (url: string): Promise<Come> => {
    const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
    return [url, JSON.stringify([...response.headers]) + (await response.text())];
  };
  const metrics = /http:\/\/[\d.:]+\/metrics/.exec(hookyard.output())?.[0];
  const views = ['', 'deliveries', 'runs', 'lanes', 'automations', 'automations/all', 'sources', 'outbound'];
  const paths = ['api/deliveries?limit=100', 'api/runs?stuck=true', 'api/acts', 'readyz', 'healthz', ...views];
  const shown = await Promise.all(
    [...(metrics ? [metrics] : []), ...paths.map((path) => `${hookyard.url}/${path}`)].map(get),
  );
  return [...shown, ...(await Promise.all((await runPaths(hookyard, token)).map((path) => get(hookyard.url + path))))];
}

/** Returns the paths of the run whose jobs were shown the secret: its page, and the logs of its jobs as a page and as a download. */
async function runPaths({ url }: HookyardProcess, token: string | undefined): Promise<readonly string[]> {
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(`${url}/api/deliveries?source=local`, { headers });
  const { deliveries } = (await answer.json()) as DeliveriesAnswer;
  const runs = deliveries.flatMap(({ dispatches }) => dispatches.map(({ workflowId }) => workflowId));
  return runs.flatMap((run) => [
    runPath(run),
    ...['job', 'shows', 'ends'].flatMap((job) => [
      logPath({ run, job }),
      `/logs/text?${new URLSearchParams({ run, job })}`,
    ]),
  ]);
}

/** Returns all that Temporal keeps of the runs of a task queue, and ends them. */
async function historiesOf(taskQueue: string): Promise<Come[]> {
  const client = await testClient();
  open.add(client);
  const kept: Come[] = [];
  for await (const { workflowId, runId } of client.workflow.list({ query: `TaskQueue = '${taskQueue}'` })) {
    const handle = client.workflow.getHandle(workflowId, runId);
    const history = await handle.fetchHistory();
    const { raw, memo, searchAttributes } = await handle.describe();
    kept.push([`history of ${workflowId}`, readable({ history, raw, memo, searchAttributes })]);
    await handle.terminate('the test is over').catch(() => undefined);
  }
  return kept;
}

/** Returns an object as text, with the bytes in it as text too. */
function readable(value: unknown): string {
  return JSON.stringify(value, (_, item) => {
    if (item instanceof Uint8Array) return Buffer.from(item).toString();
    if (item?.type === 'Buffer') return Buffer.from(item.data).toString();
    return typeof item === 'bigint' ? String(item) : item;
  });
}

test('every secret that is for others was sent to them, and quoted by them', () => {
  expect(notSent()).toEqual([]);
  expect(echo.sent()).toMatch(/bearer eyJ/i);
});

test('nobody is signed in by a provider that only quotes, and the page says that it failed', () => {
  const pages = come.filter(([where]) => where.startsWith('sign-in '));
  expect(new Set(pages.map(([where]) => where))).toEqual(new Set(['sign-in 502']));
});

test('runs failed of what was quoted, which was hidden', () => {
  const histories = come.filter(([where]) => where.startsWith('history of all/'));
  expect(histories.length).toBeGreaterThanOrEqual(GIT.length);
  expect(histories.map(([, text]) => text).join()).toContain('***');
  const logs = come.filter(([where]) => where.startsWith('hookyard logs all/local/'));
  expect(logs.map(([, text]) => text).join()).toContain('***');
  for (const where of ['/hookyard.db', 'the log', 'traces', 'hookyard doctor --json --repository acme/app'])
    expect(come.find(([name]) => name === where)?.[1], where).not.toBe('');
});

test('no file, history, log, trace, metric, answer or output holds a secret, however it is written', () => {
  const key = { option: 'the collector', variable: '', secret: COLLECTOR_KEY, mark: COLLECTOR_KEY };
  const found = come.flatMap(([where, text]) => canariesIn(text, where, [...drawn, key]));
  expect(found).toEqual([]);
});

test('what a job has learnt is hidden too, but for what is kept to go on with, and its log shows that all of it was printed', () => {
  const learnt = LEARNT.map((mark) => ({ option: 'learnt', variable: '', secret: mark, mark }));
  const shown = come.filter(([where]) => !/^\/snapshots\/\w+\/hidden\.json$/.test(where));
  expect(shown.flatMap(([where, text]) => canariesIn(text, where, learnt))).toEqual([]);
  const isDownload = (where: string) => where.includes('/logs/text?') && where.endsWith('job=shows');
  const downloaded = come.find(([where]) => isDownload(where))?.[1];
  for (const mark of ['::add-mask::***', 'not ok 1 - ***', 'word.txt:1:1: error: ***'])
    expect(downloaded).toContain(mark);
});

test('what Hookyard signs and is issued is nowhere either: tokens of an app, and the keys of callbacks', () => {
  const tokens = [...echo.sent().matchAll(/bearer (eyJ[\w-]+\.[\w-]+\.[\w-]+)|\/callbacks\/([\w-]+\.[\w-]{43})/gi)];
  const marks = [...new Set(tokens.map(([, signed, callback]) => signed ?? callback ?? ''))];
  expect(marks.length).toBeGreaterThan(1);
  const found = marks.flatMap((mark) =>
    come.flatMap(([where, text]) => canariesIn(text, where, [{ option: 'a token', variable: '', secret: mark, mark }])),
  );
  expect(found).toEqual([]);
});

test('no list of processes shows a secret, and no program gets one that is not for it', () => {
  expect(seen.length).toBeGreaterThan(1);
  const found = seen.flatMap(({ command, environment }) => {
    const isOurs = command.includes('bin/hookyard.mjs') || command.includes('worker-process');
    const isGit = /(?:^|\/)git(?:-remote-\w+)? /.test(`${command} `);
    // The one step of the job, which was given a secret as its environment.
    const isStep = /^(?:\/bin\/bash .* echo "\$IT"|(?:\S*\/)?(?:tee|base64) )/.test(`${command} `);
    const mayHave = (option: string) =>
      (isGit && /token$|clientSecret$/.test(option)) || (isStep && option === 'secrets.*');
    return [
      ...canariesIn(command, 'a list of processes', drawn),
      ...(isOurs
        ? []
        : canariesIn(
            environment,
            command,
            drawn.filter(({ option }) => !mayHave(option)),
          )),
    ];
  });
  expect(found).toEqual([]);
});
