import { ApplicationFailure } from '@temporalio/common';
import { expect, test } from 'vitest';
import { maskOf } from '../../src/secrets/mask.js';
import { maskLine } from '../../src/secrets/mask-line.js';
import { maskData, maskError } from '../../src/secrets/mask-values.js';
import { Secret } from '../../src/secrets/secret.js';

const CANARY = 'canary-0123456789';
const mask = maskOf([new Secret(CANARY), new Secret('-12345678')]);

test('an error, its stack, its details and its causes say no secret, and it stays the error that it is', () => {
  const root = new Error(`remote: ${CANARY}`);
  const middle = new TypeError(`fetch failed ${Buffer.from(`u:${CANARY}`).toString('base64')}`, { cause: root });
  const error = ApplicationFailure.create({
    message: `said ${CANARY}`,
    type: 'Refused',
    nonRetryable: true,
    details: [{ said: [CANARY] }, 7],
    cause: middle,
  });
  expect(maskError(error, mask)).toBe(error);
  expect(error).toBeInstanceOf(ApplicationFailure);
  expect(error).toMatchObject({ message: 'said ***', type: 'Refused', nonRetryable: true });
  expect(error.details).toEqual([{ said: ['***'] }, 7]);
  expect(root.message).toBe('remote: ***');
  expect(middle.message).toMatch(/^fetch failed .{0,4}\*\*\*/);
  for (const { stack, message } of [error, middle, root]) {
    expect(stack).not.toContain(CANARY);
    expect(stack).toContain(message);
  }
  expect(Object.keys(root)).toEqual([]);
});

test('what hangs on an error otherwise: several errors, a cause that is none, a circle, a text that was thrown', () => {
  const several = new AggregateError([new Error(CANARY)], 'both', { cause: { said: CANARY } });
  maskError(several, mask);
  expect((several.errors[0] as Error).message).toBe('***');
  expect(several.cause).toEqual({ said: '***' });
  const circle = new Error(CANARY);
  circle.cause = circle;
  expect((maskError(circle, mask) as Error).message).toBe('***');
  expect(maskError(`<${CANARY}>`, mask)).toBe('<***>');
  expect(maskError({ said: CANARY }, mask)).toEqual({ said: '***' });
  expect(maskError(undefined, mask)).toBeUndefined();
});

test('an error keeps which of its properties are shown, and that they can be changed', () => {
  const error = Object.assign(new Error(`first-try ${CANARY}`), { details: [CANARY], failure: { message: CANARY } });
  maskError(error, mask);
  expect(error).toMatchObject({ message: 'first-try ***', details: ['***'], failure: { message: '***' } });
  expect(Object.keys(error)).toEqual(['details', 'failure']);
  maskError(error, maskOf([new Secret('first-try')]));
  expect(error.message).toBe('*** ***');
  error.message = 'changed';
  expect(error.message).toBe('changed');
  expect(Reflect.deleteProperty(error, 'details')).toBe(true);
});

test('an error is masked that has its message from its class, that has no stack, or that is frozen without a secret', () => {
  const aborted = new DOMException(CANARY, 'AbortError');
  expect(maskError(aborted, mask)).toMatchObject({ message: '***', name: 'AbortError' });
  expect(Object.keys(aborted)).toEqual([]);
  const bare = new Error(CANARY);
  delete bare.stack;
  expect(maskError(bare, mask)).toMatchObject({ message: '***' });
  expect(bare.stack).toBeUndefined();
  const frozen = Object.freeze(new Error('no secret'));
  expect(maskError(frozen, mask)).toBe(frozen);
});

test.each<[string, (error: Error) => void]>([
  ['frozen', Object.freeze],
  ['sealed', Object.seal],
  ['closed to what is new', Object.preventExtensions],
  [
    'fixed in its message',
    (error) => Object.defineProperty(error, 'message', { configurable: false, writable: false }),
  ],
])('an error that is %s comes back as another of its class, without the secret', (_, fix) => {
  class Refused extends Error {
    override name = 'Refused';
    readonly status = 403;
  }
  const cause = new Error(`because of ${CANARY}`);
  const error = new Refused(`no to ${CANARY}`, { cause });
  fix(cause);
  fix(error);
  const masked = maskError(error, mask) as Refused;
  expect(masked).toBeInstanceOf(Refused);
  expect(masked).toMatchObject({
    message: 'no to ***',
    name: 'Refused',
    status: 403,
    cause: { message: 'because of ***' },
  });
  expect(masked.stack).not.toContain(CANARY);
  const several = new AggregateError([error]);
  expect((maskError(several, mask) as AggregateError).errors).toMatchObject([{ message: 'no to ***' }]);
});

test('of several errors, those that can not be changed are replaced where they hold a secret, and none otherwise', () => {
  const [plain, secret] = [Object.freeze(new Error('no secret')), Object.freeze(new Error(CANARY))];
  const { errors } = maskError(new AggregateError([plain, secret]), mask) as AggregateError;
  expect(errors[0]).toBe(plain);
  expect(errors[1]).toMatchObject({ message: '***' });
  const none = Object.freeze(new AggregateError([plain]));
  expect(maskError(none, mask)).toBe(none);
});

test('what is thrown as a text shows no credential that only its form shows', () => {
  expect(maskError('at https://me:pass@git.example/x', mask)).toBe('at https://***@git.example/x');
});

test('data with a "toJSON" that is no function is data like any other', () => {
  expect(maskData({ toJSON: true, said: CANARY }, mask)).toEqual({ toJSON: true, said: '***' });
});

test('a message is cut after 32 kB, and no cut goes through a secret', () => {
  const error = new Error(`${'x'.repeat(32_760)}${CANARY}${'y'.repeat(1_000_000)}`);
  expect(maskError(error, mask)).toBe(error);
  expect(error.message).toBe(`${'x'.repeat(32_760)}***yyyyy…`);
  const whole = new Error('x'.repeat(32_768));
  maskError(whole, mask);
  expect(whole.message).toBe('x'.repeat(32_768));
  expect(error.message).not.toContain('canary');
});

test('data without a secret is the same object, and with one a copy', () => {
  const bytes = new Uint8Array([1, 2]);
  const plain = { a: 1, b: ['x', null, undefined, { c: true }], at: new Date(0), bytes };
  expect(maskData(plain, mask)).toBe(plain);
  const held = { a: 1, list: ['x', `<${CANARY}>`], same: plain, page: new URL(`https://x.example/${CANARY}`) };
  expect(maskData(held, mask)).toEqual({ a: 1, list: ['x', '<***>'], same: plain, page: 'https://x.example/***' });
  expect(held.list[1]).toContain(CANARY);
  const circle: { self?: unknown; said: string } = { said: CANARY };
  circle.self = circle;
  expect(maskData(circle, mask).said).toBe('***');
});

test('a line of JSON stays one: names and numbers in it are left', () => {
  const line = `${JSON.stringify({ time: 1, n: -12345678, [CANARY]: 1, said: `"${CANARY}"`, err: { stack: CANARY } })}\n`;
  const shown = maskLine(line, mask);
  expect(JSON.parse(shown)).toEqual({
    time: 1,
    n: -12345678,
    [CANARY]: 1,
    said: '"***"',
    err: { stack: '***' },
  });
  expect(shown.endsWith('\n')).toBe(true);
  for (const none of ['{"a":1}\n', '{ "n": 1.0, "id": 12345678901234567890 }\n'])
    expect(maskLine(none, mask)).toBe(none);
  expect(maskLine(`no JSON ${CANARY}\n`, mask)).toBe('no JSON ***\n');
});
