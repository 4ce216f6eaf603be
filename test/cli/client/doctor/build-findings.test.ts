import { afterEach, describe, expect, test } from 'vitest';
import { buildFindings } from '../../../../src/cli/client/doctor/build-findings.js';
import { createProviders } from '../../../../src/providers/apis.js';
import { FAKE_CIS, type FakeCi, type Kind, SIGN_IN, settingsOf, startFakeCi } from '../../../support/fake-ci/index.js';
import { configOf } from '../../../support/harness/config.js';
import { keepLog } from '../../../support/harness/log.js';

const CANARY = 'canary-ci-token-0123456789';

interface Asked {
  readonly token?: string;
  readonly more?: object;
  readonly instead?: FakeCi['instead'];
}

let fake: FakeCi | undefined;
afterEach(async () => {
  await fake?.close();
  fake = undefined;
});

/** What doctor says of this one build. */
async function findingsOf(kind: Kind, { token, more }: { token: string; more: object }) {
  const { build, sources } = settingsOf(kind, fake?.url ?? '');
  const config = configOf(
    {
      sources: { github: { kind: 'github', secrets: [{ env: 'HOOK' }] }, ...sources } as never,
      builds: { it: { ...build, ...more } as never },
    },
    { HOOK: 'w', TOKEN: token },
  );
  const { log } = keepLog();
  return buildFindings(config.builds, createProviders({ config, log }));
}

describe.each(Object.entries(FAKE_CIS).filter(([name]) => name !== 'http'))(
  'of a build at %s, doctor says',
  (_, kind) => {
    async function findings({ token = CANARY, more = {}, instead }: Asked = {}) {
      fake = await startFakeCi(kind.protocol(CANARY));
      fake.instead = instead;
      const found = await findingsOf(kind, { token, more });
      expect(JSON.stringify(found)).not.toContain(token);
      expect(fake.received.every(({ method }) => method === 'GET')).toBe(true);
      return found;
    }

    test('that it is reached', async () => {
      expect(await findings()).toEqual([{ level: 'ok', about: 'build it', says: expect.stringMatching(/^reaches /) }]);
    });

    test('that its token is refused, and where to set another', async () => {
      const [found] = await findings({ token: 'another-token-0123456789' });
      expect(found).toMatchObject({ level: 'problem', about: 'build it' });
      expect(`${found?.says} ${found?.advice}`).toContain(kind.source ? 'sources.actions.api' : 'builds.it.token');
    });

    test.skipIf(kind.source).each(Object.entries(SIGN_IN))('that %s is no answer of its API', async (_, instead) => {
      const [found] = await findings({ instead });
      expect(found?.level).toBe('problem');
      expect(`${found?.says} ${found?.advice}`).toContain('builds.it.token');
    });

    test('that it is not known where it asks to be left alone by 403', async () => {
      const [found] = await findings({ instead: { status: 403, headers: { 'retry-after': '20' } } });
      expect(found).toMatchObject({ level: 'warn', says: expect.stringContaining('it is not known whether it works') });
    });

    test.skipIf(kind.source)('that it is not known where nobody answers', async () => {
      const [found] = await findings({ more: { url: 'http://127.0.0.1:1/acme' } });
      expect(found).toMatchObject({ level: 'warn', says: expect.stringContaining('it is not known whether it works') });
    });

    test.skipIf(kind.source)('that a private address has to be allowed', async () => {
      const [found] = await findings({ more: { allowPrivate: false } });
      expect(found).toMatchObject({ level: 'problem', advice: expect.stringContaining('builds.it.allowPrivate') });
    });
  },
);

test('a job that does not declare the parameter with our id is told of', async () => {
  const kind = FAKE_CIS.jenkins;
  if (!kind) throw new Error('there is no Jenkins');
  fake = await startFakeCi(kind.protocol(CANARY));
  const found = await findingsOf(kind, { token: CANARY, more: { correlation: 'OTHER' } });
  expect(found).toContainEqual(expect.objectContaining({ level: 'problem', says: expect.stringContaining('OTHER') }));
});
