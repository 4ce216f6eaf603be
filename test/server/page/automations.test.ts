import { afterAll, beforeAll, expect, test } from 'vitest';
import { manual, push } from '../../../src/triggers/index.js';
import { type Receiver, startReceiver } from '../../support/harness/receiver.js';
import { ask, askApi, OWN } from './ask.js';

let receiver: Receiver;
beforeAll(async () => {
  const proxy = { header: 'X-Forwarded-User', operators: ['anna'], viewers: ['ben'] };
  const inputs = {
    target: ['staging', 'production'],
    count: { type: 'number', default: 2 },
    dry: { type: 'boolean', optional: true, description: 'only look' },
    name: 'string',
    note: { type: 'string', default: '\nfirst\nsecond' },
  } as const;
  receiver = await startReceiver({
    config: { trustedProxies: ['127.0.0.1'], signIn: { proxy } },
    automations: () => [
      { name: 'deploy', on: [manual({ inputs })], file: 'automations/deploy.ts' },
      { name: 'ci', on: [push()], file: 'automations/ci.ts' },
    ],
  });
});
afterAll(() => receiver.close());

const as = (who: string) => ({ host: 'hooks.example', 'x-forwarded-user': who, 'x-forwarded-for': '192.0.2.1' });
const run = (form: Record<string, string>, headers: Record<string, string> = OWN, who = 'anna') =>
  ask(receiver, '/automations/run', { method: 'POST', form, headers: { ...as(who), ...headers } });
const started = async () =>
  (await receiver.store.inbox.list({ limit: 50 })).filter(({ eventName }) => eventName === 'manual');

test('automations are listed, also while Temporal is away, and are the JSON that the API answers', async () => {
  const { text } = await ask(receiver, '/automations', { headers: as('ben') });
  expect(text).toContain('href="/automations/deploy"');
  expect(text).toMatch(/Temporal does not/);
  const json = await ask(receiver, '/automations.json', { headers: as('ben') });
  expect(JSON.parse(json.text)).toEqual(await askApi(receiver, '/api/automations'));
  const one = await ask(receiver, '/automations/deploy.json', { headers: as('ben') });
  expect(JSON.parse(one.text)).toEqual(await askApi(receiver, '/api/automations/deploy'));
  expect((await ask(receiver, '/automations/nothing', { headers: as('ben') })).status).toBe(404);
});

test('automations are found by a part of their names, and listed a page at a time', async () => {
  const listed = async (query: string) => {
    const { text } = await ask(receiver, `/automations.json?${query}`, { headers: as('ben') });
    expect(JSON.parse(text)).toEqual(await askApi(receiver, `/api/automations?${query}`));
    const { automations, next } = JSON.parse(text) as { automations: { name: string }[]; next?: string };
    return [automations.map(({ name }) => name), next];
  };
  expect(await listed('named=DEP')).toEqual([['deploy'], undefined]);
  expect(await listed('limit=1')).toEqual([['ci'], 'ci']);
  expect(await listed('limit=1&after=ci')).toEqual([['deploy'], undefined]);
  expect((await ask(receiver, '/automations?limit=0', { headers: as('ben') })).status).toBe(400);
});

test('a form of its inputs starts a run; what is left empty has its default', async () => {
  const { text } = await ask(receiver, '/automations/deploy', { headers: as('anna') });
  for (const part of ['name="input-target"', 'type="number"', 'value="2"', 'dry, if you like: only look'])
    expect(text).toContain(part);
  const form = { name: 'deploy', 'input-target': 'staging', 'input-count': '', 'input-dry': 'true' };
  const done = await run({ ...form, 'input-name': 'Ada' });
  expect(done.status).toBe(303);
  const [kept] = await started();
  expect(kept?.events[0]).toMatchObject({ inputs: { target: 'staging', count: 2, dry: true, name: 'Ada' } });
  expect(done.headers.location).toContain(`/runs/${kept?.dispatches[0]?.workflowId}`);
  expect((await ask(receiver, String(done.headers.location), { headers: as('anna') })).text).toContain('Asked for');
  expect(await askApi(receiver, '/api/acts?limit=1')).toMatchObject({
    acts: [{ by: 'anna', act: 'run', on: 'deploy' }],
  });
});

test('a default of several lines is shown with them and comes back as it was, and a field says that empty is its default', async () => {
  const { text } = await ask(receiver, '/automations/deploy', { headers: as('anna') });
  // The first end of a line is none of the text, as browsers read it.
  expect(text).toMatch(/<textarea[^>]* name="input-note"[^>]*>\n\nfirst\nsecond<\/textarea>/);
  const labels = [...text.matchAll(/<label[^>]*><span>(.*?)<\/span>/gs)].map(([, label]) => label);
  expect(labels.filter((label) => label?.includes('(empty: its default)'))).toEqual([
    expect.stringMatching(/^count/),
    expect.stringMatching(/^note/),
  ]);
  const form = { name: 'deploy', 'input-target': 'staging', 'input-name': 'Ada' };
  const noteOf = async (note: string) => {
    expect((await run({ ...form, 'input-note': note })).status).toBe(303);
    return (await started())[0]?.events[0];
  };
  expect(await noteOf('\r\nfirst\r\nsecond')).toMatchObject({ inputs: { note: '\nfirst\nsecond' } });
  expect(await noteOf('')).toMatchObject({ inputs: { note: '\nfirst\nsecond' } });
});

test('what is not as declared starts nothing, and is said; nor do viewers and other sites start anything', async () => {
  const before = (await started()).length;
  const wrong = await run({ name: 'deploy', 'input-target': 'moon', 'input-name': 'Ada' });
  expect(wrong.status).toBe(400);
  expect(wrong.text).toContain('must be one of staging, production');
  expect((await run({ name: 'deploy', 'input-target': 'staging' })).text).toContain('is missing: give text');
  expect((await run({ name: 'ci' })).status).toBe(409);
  expect((await run({ name: 'nothing' })).status).toBe(404);
  const form = { name: 'deploy', 'input-target': 'staging', 'input-name': 'Ada' };
  expect((await run(form, OWN, 'ben')).status).toBe(403);
  expect((await run(form, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  expect((await run(form, { origin: 'https://evil.example' })).status).toBe(403);
  expect(await started()).toHaveLength(before);
  const looked = await ask(receiver, '/automations/deploy', { headers: as('ben') });
  expect(/<main.*<\/main>/s.exec(looked.text)?.[0]).not.toContain('<button');
});
