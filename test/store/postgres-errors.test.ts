import { DatabaseError } from 'pg';
import { expect, test } from 'vitest';
import { ConflictError, toStoreError, wasAnswered } from '../../src/store/postgres/errors.js';
import { StoreDamagedError, StoreUnavailableError } from '../../src/store/store.js';

function answered(code: string): DatabaseError {
  const error = new DatabaseError('what it says', 12, 'error');
  error.code = code;
  error.detail = 'Key (source, key)=(hub, private) already exists.';
  return error;
}

test.each([
  ['a full disk', '53100'],
  ['too many connections', '53300'],
  ['a lock table that is full', '53200'],
  ['a shutdown', '57P01'],
  ['a start that takes its time', '57P03'],
  ['a statement that took too long', '57014'],
  ['a standby', '25006'],
  ['a broken connection', '08006'],
  ['a disk that fails', '58030'],
  ['a conflict', '40001'],
  ['a circle of waiting', '40P01'],
])('%s is worth a later try', (_, code) => {
  const error = toStoreError(answered(code));
  expect(error).toBeInstanceOf(StoreUnavailableError);
  expect(error.message).toContain(code);
  expect(error instanceof ConflictError).toBe(code.startsWith('40'));
});

test.each(['23505', '22021', '42P01', '28P01', '3D000'])('%s is not, and nothing of the data is told', (code) => {
  const error = toStoreError(answered(code));
  expect(error).not.toBeInstanceOf(StoreUnavailableError);
  expect(JSON.stringify({ ...error, message: error.message, stack: error.stack })).not.toContain('private');
});

test.each(['XX001', 'XX002'])('%s is damage, which no later try mends', (code) => {
  expect(toStoreError(answered(code))).toBeInstanceOf(StoreDamagedError);
});

test('an error that is no answer means a connection that is good for nothing', () => {
  for (const error of [new Error('Query read timeout'), Object.assign(new Error(''), { code: 'ECONNREFUSED' })]) {
    expect(wasAnswered(error)).toBe(false);
    expect(toStoreError(error)).toBeInstanceOf(StoreUnavailableError);
  }
  expect(toStoreError(Object.assign(new Error(''), { code: 'ECONNREFUSED' })).message).toContain('ECONNREFUSED');
  expect(wasAnswered(answered('23505'))).toBe(true);
  expect(wasAnswered(answered('57P01'))).toBe(false);
  // Answered, by a server that has become the wrong one.
  expect(wasAnswered(answered('25006'))).toBe(false);
});
