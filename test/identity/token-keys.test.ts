import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { calculateJwkThumbprint, type JWK } from 'jose';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { keySet } from '../../src/identity/documents.js';
import { createTokenKeys } from '../../src/identity/token-keys.js';
import { SecretFinder } from '../../src/secrets/find-secrets.js';
import { NeededSecret } from '../../src/secrets/reference.js';
import { rotateFile } from '../../src/secrets/rotating-file.js';
import { Secret } from '../../src/secrets/secret.js';
import { tokenKey } from '../../src/secrets/token-key.js';
import { tempFolder } from '../support/temp-folder.js';

const MINUTE = 60_000;
const [FIRST, SECOND, THIRD] = [tokenKey.make(), tokenKey.make(), tokenKey.make()];

let folder: string;
beforeEach(async () => {
  folder = await tempFolder('token-keys');
  vi.useFakeTimers({ toFake: ['Date', 'performance'], now: Date.now() });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Returns the secret that a start of Hookyard makes, or finds. */
function generated(): Secret {
  const finder = new SecretFinder({ env: {}, folder, make: true, run: false });
  const found = finder.find(new NeededSecret({ generated: 'id-token-key' }, tokenKey), 'server.idTokens.keys[0]');
  if (!found) throw new Error(finder.problems.join());
  return found;
}

/** Replaces the key, with the file's time by the clock of the test. */
function rotate(overlapMs: number, value = SECOND): void {
  const path = join(folder, 'id-token-key');
  rotateFile(path, { value, until: Date.now() + overlapMs, now: Date.now() });
  utimesSync(path, new Date(), new Date());
}
const idOf = (pem: string) => createTokenKeys([new Secret(pem)]).published()[0]?.id;
const publishedBy = (keys: ReturnType<typeof createTokenKeys>) => keys.published().map(({ id }) => id);

test('a key has the name that JWK thumbprints give it, and only its public half is published', async () => {
  const keys = createTokenKeys([new Secret(FIRST)]);
  const [key] = keySet(keys.published()).keys as JWK[];
  expect(Object.keys(key ?? {}).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
  expect(key).toMatchObject({ kty: 'RSA', alg: 'RS256', use: 'sig', kid: await calculateJwkThumbprint(key as JWK) });
});

test('a key is made once, and found by every later start', () => {
  const first = generated().reveal();
  expect(generated().reveal()).toBe(first);
});

test('a new key is published at once, and signs once nobody has an older list; the old one stays for the overlap', () => {
  const keys = createTokenKeys([generated()]);
  const old = keys.signing(Date.now()).id;
  rotate(120 * MINUTE);
  vi.advanceTimersByTime(2_000);
  const fresh = idOf(SECOND);
  expect(publishedBy(keys)).toEqual([fresh, old]);
  expect(keys.signing(Date.now()).id).toBe(old);
  expect(createTokenKeys([generated()]).signing(Date.now()).id).toBe(old);
  vi.advanceTimersByTime(6 * MINUTE);
  expect(publishedBy(keys)).toEqual([fresh, old]);
  expect(keys.signing(Date.now()).id).toBe(fresh);
  expect(createTokenKeys([generated()]).signing(Date.now()).id).toBe(fresh);
  vi.advanceTimersByTime(120 * MINUTE);
  expect(publishedBy(keys)).toEqual([fresh]);
});

test('a key that others know is replaced at once', () => {
  const keys = createTokenKeys([generated()]);
  const old = keys.signing(Date.now()).id;
  rotate(0);
  vi.advanceTimersByTime(2_000);
  expect(keys.signing(Date.now()).id).toBe(idOf(SECOND));
  expect(publishedBy(keys)).not.toContain(old);
});

test('of several keys of the configuration the first signs, and all are published', () => {
  const keys = createTokenKeys([new Secret(FIRST), new Secret(SECOND)]);
  expect(publishedBy(keys)).toEqual([idOf(FIRST), idOf(SECOND)]);
  expect(keys.signing(Date.now()).id).toBe(idOf(FIRST));
});

test('however often keys are replaced, tokens are verified by a relying party that keeps its list for five minutes', () => {
  const keys = createTokenKeys([generated()]);
  const [lists, SECONDS] = [new Map<number, readonly string[]>(), 1_000];
  const begin = Date.now();
  const replacedAt = new Map([
    [600, SECOND],
    [700, THIRD],
    [800, FIRST],
  ]);
  const signed = new Set<string>();
  for (let at = 0; at < 2_400; at += 10) {
    vi.setSystemTime(begin + at * SECONDS);
    vi.advanceTimersByTime(2 * SECONDS);
    const next = replacedAt.get(at);
    if (next !== undefined) rotate(120 * MINUTE, next === FIRST ? tokenKey.make() : next);
    vi.advanceTimersByTime(2 * SECONDS);
    lists.set(at, publishedBy(keys));
    const { id } = keys.signing(Date.now(), 10 * MINUTE);
    signed.add(id);
    for (const [fetched, list] of lists)
      if (fetched >= at - 290) expect(list, `list of ${fetched} s at ${at} s`).toContain(id);
    // What was signed lasts: the key is published until then.
    expect(publishedBy(keys)).toContain(id);
  }
  expect(signed.size).toBeGreaterThan(1);
  expect(keys.signing(Date.now()).id).toBe(publishedBy(keys)[0]);
});

test('a key signs no token that lasts longer than it is published', () => {
  const keys = createTokenKeys([generated()]);
  const old = keys.signing(Date.now()).id;
  vi.advanceTimersByTime(10 * MINUTE);
  rotate(15 * MINUTE);
  vi.advanceTimersByTime(2_000);
  expect(keys.signing(Date.now(), 10 * MINUTE).id).toBe(old);
  expect(keys.signing(Date.now(), 60 * MINUTE).id).toBe(idOf(SECOND));
});

test('a key that an older version has replaced signs on until nobody has an older list', () => {
  const keys = createTokenKeys([generated()]);
  const old = keys.signing(Date.now()).id;
  vi.advanceTimersByTime(10 * MINUTE);
  rotate(120 * MINUTE);
  const beside = join(folder, 'id-token-key.replaced');
  const noted = JSON.parse(readFileSync(beside, 'utf8')) as { since?: number }[];
  writeFileSync(beside, JSON.stringify(noted.map(({ since: _, ...each }) => each)));
  vi.advanceTimersByTime(2_000);
  expect(keys.signing(Date.now()).id).toBe(old);
});
