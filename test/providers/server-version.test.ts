import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { createProviders } from '../../src/providers/apis.js';
import { isOlder } from '../../src/providers/server-version.js';
import { depsOf } from '../support/harness/activity.js';
import { configOf } from '../support/harness/config.js';
import { type LocalServer, startServer } from '../support/harness/http-server.js';

test.each([
  ['1.21.11', [1, 22], true],
  ['1.22.0', [1, 22], false],
  ['1.9.0', [1, 22], true],
  ['28.0.0', [1, 22], false],
  ['28', [1, 26], false],
  ['v28.1', [28, 1], false],
  ['1.26.4', [28], true],
  ['1.26.0+dev-103-g0a1b2c', [1, 26], false],
  ['17.3.7-ee', [17, 4], true],
  ['17.10.0-ee', [17, 4], false],
  ['main', [1, 22], false],
])('whether %s is older than %j: %s', (version, than, expected) => {
  expect(isOlder(version, than)).toBe(expected);
});

test('versions are compared number by number, whatever stands behind them', () => {
  const numbers = fc.array(fc.nat(2_000), { minLength: 1, maxLength: 4 });
  const ends = fc.constantFrom('', '-rc1', '+dev', '-ee');
  fc.assert(
    fc.property(numbers, numbers, ends, (one, other, end) => {
      const compare = one.concat(0, 0, 0).slice(0, other.length);
      const at = compare.findIndex((number, index) => number !== other[index]);
      expect(isOlder(`${one.join('.')}${end}`, other)).toBe(at >= 0 && Number(compare[at]) < Number(other[at]));
    }),
  );
});

let server: LocalServer | undefined;
afterEach(() => server?.close());

describe('what a server says of its version', () => {
  test.each([
    ['gitea', '1.21.11', ['it can not compare commits']],
    ['gitea', '1.26.0+rc0', []],
    ['gitea', '28.0.0', []],
    ['forgejo', '7.0.14+gitea-1.21.11', ['it can not compare commits']],
    ['forgejo', '11.0.1+gitea-1.22.0', []],
    ['gitlab', '16.11.10', ['its deliveries have no id']],
    ['gitlab', '19.0.0-ee', []],
  ] as const)('%s %s lacks %j', async (kind, version, lacks) => {
    server = await startServer(({ path }) =>
      path.endsWith('/version') ? { status: 200, body: { version, revision: 'x' } } : { status: 404 },
    );
    const source = { kind, url: server.url, secrets: [{ env: 'HOOK' }], api: { token: { env: 'TOKEN' } } };
    const config = configOf({ sources: { here: source } }, { HOOK: 'x', TOKEN: 't' });
    const found = await (await createProviders(depsOf(config)).source('here'))?.version?.();
    expect(found?.version).toBe(version);
    expect(found?.lacks.map((lack) => lack.split(':')[0])).toEqual(lacks);
  });
});
