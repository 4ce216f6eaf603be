import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPlace, type Place } from '../support/harness/place.js';
import { type Receiver, startReceiver } from '../support/harness/receiver.js';
import { API_TOKEN } from '../support/harness/receiver-config.js';

const RUN = 'ci/github/1';

let place: Place;
let receiver: Receiver;

beforeAll(async () => {
  place = await openPlace();
  receiver = await startReceiver();
  const of = { attempt: 1, stream: 'stdout', step: 'npm test' } as const;
  const lines = (count: number, word: string) =>
    Array.from({ length: count }, (_, at) => ({ ...of, at, text: at % 2 === 0 ? `${word} ${at}` : `other ${at}` }));
  await receiver.store.logs.append({ workflowId: RUN, job: 'test' }, lines(1_400, 'Needle'));
  await receiver.store.logs.append({ workflowId: RUN, job: 'lint' }, lines(3, 'NEEDLE'));
});
afterAll(() => receiver.close());

const hookyard = (...args: string[]) =>
  place.hookyard(['logs', RUN, ...args, '--url', receiver.url], { HOOKYARD_API_TOKEN: API_TOKEN });

test('lines that hold a text are printed with their numbers, those of all jobs', async () => {
  const { code, out } = await hookyard('--search', 'needle');
  expect(code).toBe(0);
  const lines = out.trimEnd().split('\n');
  expect(lines).toHaveLength(702);
  expect(lines[1]).toBe('3 test   Needle 2');
  expect(lines.at(-1)).toBe('3 lint   NEEDLE 2');
});

test('it exits with 1 where no line holds it, and says so', async () => {
  expect(await hookyard('--search', 'nowhere')).toMatchObject({ code: 1, out: 'No line has "nowhere".\n' });
  expect(await hookyard('--search', 'nowhere', '--json')).toMatchObject({ code: 1, out: '' });
});

test('all lines are printed as JSON, one each', async () => {
  const { code, out } = await hookyard('--json');
  expect(code).toBe(0);
  const lines = out.trimEnd().split('\n');
  expect(lines).toHaveLength(1_403);
  expect(JSON.parse(lines[2] ?? '')).toEqual({
    ...{ job: 'test', number: 3, at: 2, stream: 'stdout', step: 'npm test', attempt: 1, text: 'Needle 2' },
  });
});

test('a run is not followed and searched at once', async () => {
  expect(await hookyard('--follow', '--search', 'x')).toMatchObject({
    ...{ code: 2, err: expect.stringContaining('cannot be used with') },
  });
});
