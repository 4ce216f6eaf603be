import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EditAnswer, EditableAnswer, ShownDelivery, StartEditedAnswer } from '../../../src/server/api/contract.js';
import { newestFirst } from '../../../src/store/newest-first.js';
import { comment, manual, pullRequest, push } from '../../../src/triggers/index.js';
import { deliver } from '../../support/harness/delivery.js';
import { pullRequestPayload, pushPayload } from '../../support/harness/payloads.js';
import { automations, type Receiver, startReceiver } from '../../support/harness/receiver.js';
import { API_TOKEN } from '../../support/harness/receiver-config.js';
import { ask, askApi, OWN } from '../page/ask.js';

let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver({
    automations: () => [
      ...automations,
      { name: 'preview', on: [pullRequest({ labels: ['preview'] })], file: 'automations/preview.ts' },
      { name: 'deploy', on: [comment({ commands: ['deploy'] })], file: 'automations/deploy.ts' },
      {
        name: 'queued',
        on: [push()],
        file: 'automations/queued.ts',
        concurrency: [{ group: 'branch', onBusy: 'cancel-running' }],
      },
      { name: 'byHand', on: [manual()], file: 'automations/by-hand.ts' },
      { name: 'hookyardClosed', on: [pullRequest({ forks: true })], file: 'closed.ts', builtIn: true },
    ],
  });
});
afterAll(() => receiver.close());

let count = 0;

/** A comment on a pull request. */
function commentPayload(body: string): object {
  const { repository, sender } = pushPayload();
  const issue = { number: 7, title: 'T', state: 'open', pull_request: { url: 'u' }, user: sender };
  const written = { id: 1, body, user: sender, html_url: 'u', created_at: '2026-11-24T08:00:00Z' };
  return { action: 'created', issue, comment: written, repository, sender };
}

async function received(event: string, payload: object, headers: Record<string, string> = {}): Promise<string> {
  const body = JSON.stringify({ ...payload, nonce: ++count });
  return (await deliver(receiver.url, { event, body, headers })).body.delivery ?? '';
}

interface Answered<T> {
  readonly status: number;
  readonly body: T & { readonly error?: string };
}

async function change<T>(path: string, body: unknown): Promise<Answered<T>> {
  const headers = { authorization: `Bearer ${API_TOKEN}`, 'content-type': 'application/json', 'x-hookyard-by': 'anna' };
  const response = await fetch(`${receiver.url}/api${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: response.status, body: (await response.json()) as Answered<T>['body'] };
}

const editable = async (id: string) => (await askApi(receiver, `/api/deliveries/${id}/edit`)) as EditableAnswer;
const judge = (id: string, payload: string) => change<EditAnswer>(`/deliveries/${id}/edit`, { payload });
const start = (id: string, body: object) => change<StartEditedAnswer>(`/deliveries/${id}/start`, body);
const find = (id: string) => receiver.store.inbox.find(id);

test('a changed payload is judged beside what was received, and starts nothing', async () => {
  const id = await received('push', pushPayload());
  const { text, eventName } = await editable(id);
  expect(eventName).toBe('push');
  const before = (await receiver.store.inbox.list({ limit: 100 })).length;
  const wakes = receiver.wakes();
  const { status, body } = await judge(id, text.replace('refs/heads/main', 'refs/heads/other'));
  expect(status).toBe(200);
  expect(body.changed.shown).toEqual([{ path: 'ref', before: '"refs/heads/main"', after: '"refs/heads/other"' }]);
  expect(body.normalised.shown.map(({ path }) => path)).toEqual(['ref', 'branch']);
  const outcomes = ({ verdicts }: EditAnswer['edited']) =>
    Object.fromEntries(verdicts.map(({ automation, outcome }) => [automation, outcome]));
  expect(outcomes(body.original)).toMatchObject({ ci: 'start', queued: 'start', release: 'filtered' });
  expect(outcomes(body.edited)).toMatchObject({ ci: 'filtered', queued: 'start', release: 'filtered' });
  expect(body.edited.verdicts.find(({ automation }) => automation === 'ci')?.because).toContain('other');
  expect(body).not.toHaveProperty('refused');
  expect((await receiver.store.inbox.list({ limit: 100 })).length).toBe(before);
  expect(receiver.wakes()).toBe(wakes);
});

test('what is edited starts as a delivery of its own, which says everywhere who made it of which', async () => {
  const from = await received('push', pushPayload());
  const payload = (await editable(from)).text.replace('refs/heads/main', 'refs/heads/master');
  const once = 'once-and-once-only';
  const started = await start(from, { payload, once });
  expect(started).toMatchObject({ status: 200, body: { from } });
  const { delivery, runs } = started.body;
  expect(runs).toEqual([`ci/github/edited/${from}/${once}`, `queued/github/edited/${from}/${once}`]);
  // A double click.
  expect((await start(from, { payload, once })).body).toEqual({ delivery, from, runs, duplicate: true });
  expect((await start(from, { payload: `${payload} `, once })).status).toBe(409);
  const record = await find(delivery);
  expect(record?.events).toMatchObject([{ branch: 'master', deliveryId: delivery, edited: { from, by: 'anna' } }]);
  expect(record?.dispatches.map(({ workflowId }) => workflowId).sort()).toEqual([...runs].sort());
  // Runs that are under way keep their slots in lanes.
  expect(record?.verdicts.find(({ automation }) => automation === 'queued')).toMatchObject({
    lane: { onBusy: 'queue' },
  });
  expect((await receiver.store.inbox.body(delivery))?.toString()).toBe(payload);
  const shown = (await askApi(receiver, `/api/deliveries/${delivery}?diff=true`)) as ShownDelivery;
  expect(shown.diff).toMatchObject({ with: { id: from }, body: { shown: [{ path: 'ref' }] } });
  const page = (await ask(receiver, `/deliveries/${delivery}`)).text;
  expect(page).toContain('no provider has sent or signed it');
  expect(page).not.toContain('HMAC');
  expect((await ask(receiver, '/deliveries')).text).toContain(`edited by anna from ${from.slice(0, 10)}`);
  const { acts } = (await askApi(receiver, '/api/acts?limit=2')) as { acts: unknown[] };
  const result = [delivery, ...runs].join(', ');
  expect(acts[0]).toMatchObject({ by: 'anna', how: 'api', act: 'start edited', on: from, result });
  // It can be edited again, and tells nothing of what was sent.
  expect((await editable(delivery)).text).toContain('refs/heads/master');
  const sent: string[] = [];
  for await (const one of newestFirst(receiver.store.inbox, 'github')) sent.push(one.id);
  expect(sent).toContain(from);
  expect(sent).not.toContain(delivery);
  const later = await received('push', pushPayload());
  const compared = (await askApi(receiver, `/api/deliveries/${later}?diff=true`)) as ShownDelivery;
  expect(compared.diff?.with?.id).toBe(from);
});

test('a fork stays one, nobody is made to say anything, and what starts nothing is not started', async () => {
  const fork = { head: { ref: 'more', sha: 'c'.repeat(40), repo: { id: 99, full_name: 'eve/shop' } } };
  const pull = await received('pull_request', pullRequestPayload({}, fork));
  const { text } = await editable(pull);
  const asOwn = text.replace('"id": 99', '"id": 42').replaceAll('eve/shop', 'acme/shop');
  expect((await judge(pull, asOwn)).body.refused).toContain('whose code it is');
  expect(await start(pull, { payload: asOwn })).toMatchObject({
    status: 409,
    body: { error: expect.stringContaining('whose code it is') },
  });
  const labeled = text.replace('"sales"', '"preview"');
  const { body } = await start(pull, { payload: labeled });
  const [verdict] = (await find(body.delivery))?.verdicts.filter(({ automation }) => automation === 'preview') ?? [];
  expect(verdict).toMatchObject({ outcome: 'start', asks: { approval: true } });
  // Hookyard's own automations act on what was sent alone.
  expect(body.runs.some((run) => run.startsWith('hookyardClosed/'))).toBe(false);
  const nothing = (await start(pull, { payload: text.replace('"opened"', '"locked"') })).body;
  expect(nothing.error).toContain('it would start nothing');
  const said = await received('issue_comment', commentPayload('looks good'));
  const deploys = (await editable(said)).text.replace('looks good', '/deploy');
  const judged = (await judge(said, deploys)).body;
  expect(judged.edited.verdicts).toContainEqual(expect.objectContaining({ automation: 'deploy', outcome: 'start' }));
  expect(judged.refused).toContain('a comment speaks for who wrote it');
});

test('text that is no JSON is told with its place, and the page shows it again', async () => {
  const id = await received('push', pushPayload());
  const { text } = await editable(id);
  const broken = text.replace('"created"', 'created');
  const line = text.split('\n').findIndex((one) => one.includes('"created"')) + 1;
  const { status, body } = await judge(id, broken);
  expect([status, body.error]).toEqual([
    400,
    `it is no JSON: line ${line}, column 3: a name in double quotes is missing`,
  ]);
  const form = { payload: broken.replaceAll('\n', '\r\n') };
  const page = await ask(receiver, `/deliveries/${id}/edit`, { method: 'POST', headers: OWN, form });
  expect(page.status).toBe(200);
  expect(page.text).toContain(`line ${line}, column 3`);
  expect(page.text).toContain('created: false');
  const large = { payload: JSON.stringify({ a: 'x'.repeat(1024 * 1024) }) };
  expect((await change(`/deliveries/${id}/edit`, large)).status).toBe(413);
  expect((await change(`/deliveries/${id}/edit`, { text })).status).toBe(400);
});

test('hidden values count as they were received, and can not be edited unseen', async () => {
  const id = await received('push', pushPayload({ extra: 'https://ada:hunter22@git.example/x' }));
  const { text } = await editable(id);
  expect(text).not.toContain('hunter22');
  const { delivery } = (await start(id, { payload: text.replace('"created": false', '"created": true') })).body;
  expect((await receiver.store.inbox.body(delivery))?.toString()).toContain('ada:hunter22@git.example/x');
  const edited = await start(id, { payload: text.replace('@git.example/x', '@git.example/y') });
  expect(edited).toMatchObject({ status: 409, body: { error: expect.stringContaining('hidden value') } });
  const { body } = await judge(id, text.replace('refs/heads/main', 'refs/heads/dev'));
  expect(JSON.stringify(body)).not.toContain('hunter22');
});

test('what nobody has sent, or is large, or unknown, is not edited, and says why', async () => {
  const { body: run } = await change<{ delivery: string }>('/automations/byHand/runs', {});
  expect((await judge(run.delivery, '{}')).body.error).toContain('run the automation again, with other inputs');
  expect((await ask(receiver, `/deliveries/${run.delivery}`)).text).not.toContain('Edit and explain');
  const large = await received('push', pushPayload({ padding: 'x'.repeat(1024 * 1024) }));
  expect(await change(`/deliveries/${large}/edit`, { payload: '{}' })).toMatchObject({
    status: 413,
    body: { error: expect.stringContaining('up to 1 MB can be edited') },
  });
  expect((await judge('d000000', '{}')).status).toBe(404);
});

test('a large payload is read on the thread for those, and judged', async () => {
  const id = await received('push', pushPayload({ many: Array.from({ length: 60_000 }, (_, at) => at) }));
  const { text } = await editable(id);
  const { status, body } = await judge(id, text.replace('refs/heads/main', 'refs/heads/other'));
  expect(status).toBe(200);
  expect(body.edited.says).toContain('push to other');
});

test('on the page an operator judges and starts by a form, without script', async () => {
  const id = await received('push', pushPayload());
  const edit = `/deliveries/${id}/edit`;
  expect((await ask(receiver, `/deliveries/${id}`)).text).toContain(`href="${edit}"`);
  const { text: shown } = await ask(receiver, edit);
  expect(shown).toContain('<textarea name="payload"');
  expect(JSON.parse((await ask(receiver, `${edit}.json`)).text)).toEqual(await editable(id));
  const payload = JSON.stringify(pushPayload({ ref: 'refs/heads/</textarea><b>' }));
  const judged = await ask(receiver, edit, { method: 'POST', headers: OWN, form: { payload } });
  expect(judged.status).toBe(200);
  expect(judged.text).toContain('refs/heads/&lt;/textarea>&lt;b>');
  expect(judged.text).toContain(`action="/deliveries/${id}/start"`);
  const once = /name="once" value="([^"]+)"/.exec(judged.text)?.[1] ?? '';
  const form = { payload: JSON.stringify(pushPayload({ forced: true })), once };
  expect((await ask(receiver, `/deliveries/${id}/start`, { method: 'POST', form })).status).toBe(403);
  const started = await ask(receiver, `/deliveries/${id}/start`, { method: 'POST', headers: OWN, form });
  expect(started.status).toBe(303);
  const { text } = await ask(receiver, String(started.headers.location));
  expect(text).toContain('Started: this is the new delivery.');
  // Another site's form is not even judged.
  const elsewhere = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
  expect((await ask(receiver, edit, { method: 'POST', headers: elsewhere, form })).status).toBe(403);
});
