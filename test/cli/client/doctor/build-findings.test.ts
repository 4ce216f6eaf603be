import { afterEach, describe, expect, test } from 'vitest';
import { buildFindings } from '../../../../src/cli/client/doctor/build-findings.js';
import { FAKE_CIS, type FakeCi, startFakeCi } from '../../../support/fake-ci/index.js';
import { configOf } from '../../../support/harness/config.js';

const CANARY = 'canary-ci-token-0123456789';

let fake: FakeCi | undefined;
afterEach(async () => {
  await fake?.close();
  fake = undefined;
});

describe.each(Object.entries(FAKE_CIS))('of a build at %s, doctor says', (_, kind) => {
  async function findings({ token = CANARY, more = {} }: { token?: string; more?: object } = {}) {
    fake = await startFakeCi(kind.protocol(CANARY));
    const url = `${fake.url}${kind.below ?? ''}`;
    const it = { ...kind.settings, url, token: { env: 'TOKEN' }, allowPrivate: true, ...more };
    const sources = { github: { kind: 'github' as const, secrets: [{ env: 'HOOK' }] } };
    const found = await buildFindings(
      configOf({ sources, builds: { it: it as never } }, { HOOK: 'w', TOKEN: token }).builds,
    );
    expect(JSON.stringify(found)).not.toContain(token);
    expect(fake.received.every(({ method }) => method === 'GET')).toBe(true);
    return found;
  }

  test('that it is reached', async () => {
    expect(await findings()).toEqual([{ level: 'ok', about: 'build it', says: expect.stringMatching(/^reaches /) }]);
  });

  test('that its token is refused, and where to set another', async () => {
    expect(await findings({ token: 'another-token-0123456789' })).toEqual([
      {
        level: 'problem',
        about: 'build it',
        says: expect.stringContaining('token is refused'),
        advice: expect.stringContaining('builds.it.token'),
      },
    ]);
  });

  test('that it is not known where nobody answers', async () => {
    const [found] = await findings({ more: { url: 'http://127.0.0.1:1/acme' } });
    expect(found).toMatchObject({ level: 'warn', says: expect.stringContaining('it is not known whether it works') });
  });

  test('that a private address has to be allowed', async () => {
    const [found] = await findings({ more: { allowPrivate: false } });
    expect(found).toMatchObject({ level: 'problem', advice: expect.stringContaining('builds.it.allowPrivate') });
  });
});

test('a job that does not declare the parameter with our id is told of', async () => {
  const kind = FAKE_CIS.jenkins;
  if (!kind) throw new Error('there is no Jenkins');
  fake = await startFakeCi(kind.protocol(CANARY));
  const more = { url: fake.url, token: { env: 'TOKEN' }, allowPrivate: true, correlation: 'OTHER' };
  const sources = { github: { kind: 'github' as const, secrets: [{ env: 'HOOK' }] } };
  const builds = { it: { ...kind.settings, ...more } as never };
  const found = await buildFindings(configOf({ sources, builds }, { HOOK: 'w', TOKEN: CANARY }).builds);
  expect(found).toContainEqual(expect.objectContaining({ level: 'problem', says: expect.stringContaining('OTHER') }));
});
