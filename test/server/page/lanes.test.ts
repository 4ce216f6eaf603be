import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { inLane } from '../../store/a-claim.js';
import { type Receiver, startReceiver } from '../../support/harness/receiver.js';
import { ask, askApi, OWN } from './ask.js';

let receiver: Receiver;
let lane: string;
let count = 0;

beforeAll(async () => {
  const proxy = { header: 'X-Forwarded-User', operators: ['anna'], viewers: ['ben'] };
  receiver = await startReceiver({ config: { trustedProxies: ['127.0.0.1'], signIn: { proxy } } });
});
afterAll(() => receiver.close());
beforeEach(async () => {
  count += 1;
  lane = `lane-${count}`;
  for (const run of ['a', 'b', 'c']) await receiver.store.inbox.accept(inLane(`${run}${count}`, { lane }));
});

const as = (who: string) => ({ host: 'hooks.example', 'x-forwarded-user': who, 'x-forwarded-for': '192.0.2.1' });
const post = (path: string, form: Record<string, string>, headers: Record<string, string> = OWN, who = 'anna') =>
  ask(receiver, path, { method: 'POST', form, headers: { ...as(who), ...headers } });
const shown = async (who = 'anna') => (await ask(receiver, `/lanes?named=${lane}`, { headers: as(who) })).text;
const held = async () => (await receiver.store.lanes.list({ named: lane, limit: 10 }))[0];

test('a lane shows who runs and who waits, and is the JSON that the API answers', async () => {
  const html = await shown();
  expect(html).toContain(`the lane ${lane}`);
  expect(html.indexOf(`/runs/a${count}`)).toBeLessThan(html.indexOf(`/runs/b${count}`));
  expect(html).toContain('waits, number 2');
  const { text } = await ask(receiver, `/lanes.json?named=${lane}`, { headers: as('ben') });
  expect(JSON.parse(text)).toEqual(await askApi(receiver, `/api/lanes?named=${lane}`));
});

test('an operator pauses a lane with a reason, which is shown with their name, drains it, and lets it go on', async () => {
  for (const mode of ['paused', 'draining']) {
    const done = await post('/lanes/mode', { lane, mode, reason: 'a freeze', named: lane });
    expect(done.status).toBe(303);
    expect(done.headers.location).toMatch(new RegExp(`^/lanes\\?named=${lane}&done=[\\w-]+\\.[\\w-]+$`));
    expect(await held()).toMatchObject({ mode, by: 'anna', reason: 'a freeze' });
    expect(await shown()).toMatch(/By <bdi>anna<\/bdi>: <bdi>a freeze/);
  }
  expect((await post('/lanes/mode', { lane, mode: 'open' })).status).toBe(303);
  expect(await held()).toMatchObject({ mode: 'open' });
  expect(await askApi(receiver, '/api/acts?limit=1')).toMatchObject({ acts: [{ by: 'anna', act: 'lane open' }] });
});

test('an operator makes a waiting run the next', async () => {
  expect((await post('/lanes/move', { run: `c${count}` })).status).toBe(303);
  expect((await held())?.entries.map(({ workflowId }) => workflowId)).toEqual(
    ['a', 'c', 'b'].map((run) => `${run}${count}`),
  );
  expect(await shown()).toContain('Put ahead by <bdi>anna');
  const gone = await post('/lanes/move', { run: `a${count}` });
  expect(gone.status).toBe(409);
  expect(gone.text).toContain('does not wait in a lane');
});

test('the page of a run that waits tells its place', async () => {
  const { text } = await ask(receiver, `/runs/c${count}`, { headers: as('ben') });
  expect(text).toContain('it is number 2');
  expect(text).toContain(`<a href="/lanes?named=${lane}">the lane ${lane}</a>`);
  const whole = (run: string) => askApi(receiver, `/api/runs/whole?name=${run}${count}`);
  const title = `the lane ${lane}`;
  expect(await whole('c')).toMatchObject({ inLane: { lane, title, mode: 'open', state: 'waits', place: 2 } });
  expect(await whole('a')).toMatchObject({ inLane: { lane, title, state: 'runs', since: expect.any(Number) } });
  expect(await whole('a')).not.toHaveProperty('inLane.place');
  const { inLane: place } = (await whole('c')) as { inLane: { after: string } };
  expect(place.after).toBe(`b${count}`);
  expect(text).toContain(`/runs/b${count}`);
});

test('viewers and other sites change nothing', async () => {
  const before = await held();
  const forms = [
    ['/lanes/mode', { lane, mode: 'paused' }],
    ['/lanes/move', { run: `c${count}` }],
  ] as const;
  for (const [path, form] of forms) {
    expect((await post(path, form, OWN, 'ben')).status).toBe(403);
    expect((await post(path, form, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await post(path, form, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await ask(receiver, path, { method: 'POST', form })).status).toBe(401);
  }
  expect(await held()).toEqual(before);
  expect(await shown('ben')).not.toMatch(/Pause|Make it the next/);
});

test('a lane that is not there, and a change that there is not, are said so', async () => {
  expect((await post('/lanes/mode', { lane: 'nothing', mode: 'paused' })).status).toBe(404);
  expect((await post('/lanes/mode', { lane, mode: 'gone' })).status).toBe(400);
});

test('of a long queue the beginning is shown, and all of it where the lane stands alone', async () => {
  for (let more = 0; more < 30; more += 1)
    await receiver.store.inbox.accept(inLane(`d${count}-${more}`, { lane: `${lane} long` }));
  expect(await shown()).toContain('10 more wait behind these');
  const alone = await ask(receiver, `/lanes?named=${lane}+long`, { headers: as('ben') });
  expect(alone.text).toContain(`/runs/d${count}-29`);
  expect(alone.text).not.toContain('more wait');
});
