import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { noteReachedAs, readReachedAs } from '../../src/config/reached-as.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hookyard-reached-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('an address by which others reach the server is kept in a data folder, also one that is not there yet', () => {
  const data = join(folder, 'data');
  expect(readReachedAs(data)).toBeUndefined();
  expect(noteReachedAs(data, 'https://hooks.example/at/webhooks/github')).toBeUndefined();
  expect(readReachedAs(data)).toBe('https://hooks.example');
  expect(statSync(join(data, 'reached-as')).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(data, '.gitignore'), 'utf8')).toBe('*\n');
});

test.each(['http://localhost:3000/webhooks/a', 'http://127.0.0.1/webhooks/a', 'http://[::1]:1/webhooks/a'])(
  '%s is reached by nobody else',
  (url) => {
    expect(noteReachedAs(folder, url)).toBeUndefined();
    expect(readReachedAs(folder)).toBeUndefined();
  },
);

test('where it can not be written down, it is said why', () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  expect(noteReachedAs(file, 'https://hooks.example')).toMatch(/EEXIST|ENOTDIR/);
});
