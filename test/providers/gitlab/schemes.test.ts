import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { gitlab } from '../../../src/providers/gitlab/webhook/index.js';
import { Secret } from '../../../src/secrets/secret.js';

const SIGNING = `whsec_${Buffer.from('one secret of thirty-two bytes!!').toString('base64')}`;
const TOKEN = 'the old token';
const NOW = Date.parse('2026-11-24T08:00:00Z');
const body = Buffer.from('{}');

const scheme = (secrets: readonly string[], acceptSecretToken = false) =>
  gitlab({ secrets: secrets.map((secret) => new Secret(secret)), acceptSecretToken });
const byToken = { 'x-gitlab-token': TOKEN };
const bySignature = {
  'webhook-id': 'm1',
  'webhook-timestamp': String(NOW / 1000),
  'webhook-signature': new Webhook(SIGNING).sign('m1', new Date(NOW), '{}'),
};
const takes = async (of: ReturnType<typeof scheme>, headers: Record<string, string>) =>
  of.isSigned(headers) && (await of.verify({ headers, body }, NOW));

const SIGNED_BY = 'a signing token (`whsec_…`), within five minutes';
const TOLD_BY = 'the secret token in `X-Gitlab-Token`';

test.each([
  ['no secret', [], false, { signature: false, token: false, by: 'nothing' }],
  ['a signing token', [SIGNING], false, { signature: true, token: false, by: SIGNED_BY }],
  [
    'a signing token, and the other would be accepted',
    [SIGNING],
    true,
    { signature: true, token: false, by: SIGNED_BY },
  ],
  ['a secret token', [TOKEN], false, { signature: false, token: true, by: TOLD_BY }],
  ['both', [SIGNING, TOKEN], false, { signature: true, token: false, by: SIGNED_BY }],
  [
    'both, of which either is accepted',
    [SIGNING, TOKEN],
    true,
    { signature: true, token: true, by: `${SIGNED_BY}, or by ${TOLD_BY}` },
  ],
])(
  'a source of gitlab with %s takes what its secrets can verify, and says by what',
  async (_, secrets, either, wanted) => {
    const source = scheme(secrets, either);
    expect({
      signature: await takes(source, bySignature),
      token: await takes(source, byToken),
      by: source.capabilities.verifiedBy,
    }).toEqual(wanted);
  },
);

test('a signing token that is sent as it is proves nothing: whoever saw it once could send it', async () => {
  const sent = { 'x-gitlab-token': SIGNING };
  for (const source of [scheme([SIGNING], true), scheme([SIGNING, TOKEN], true)])
    expect(await source.verify({ headers: sent, body }, NOW)).toBe(false);
});

test('a request that holds neither is refused before its body is read', () => {
  for (const source of [scheme([TOKEN]), scheme([SIGNING]), scheme([SIGNING, TOKEN], true)])
    for (const headers of [{}, { 'x-gitlab-token': '' }, { 'webhook-id': 'm1' }])
      expect(source.isSigned(headers)).toBe(false);
});

test('what verifies nothing is refused by its headers alone, where they tell', async () => {
  const later = NOW + 301_000;
  expect(await scheme([TOKEN]).verify({ headers: {}, body }, NOW)).toBe(false);
  expect(scheme([TOKEN]).verifyHeaders?.(byToken, NOW)).toBe(true);
  expect(scheme([TOKEN]).verifyHeaders?.({}, NOW)).toBe(false);
  expect(scheme([TOKEN]).verifyHeaders?.(bySignature, NOW)).toBe(false);
  expect(scheme([SIGNING]).verifyHeaders?.(bySignature, NOW)).toBeUndefined();
  expect(scheme([SIGNING]).verifyHeaders?.(bySignature, later)).toBe(false);
  expect(scheme([SIGNING, TOKEN], true).verifyHeaders?.({ ...bySignature, ...byToken }, later)).toBe(true);
});

test('a signature older than five minutes verifies nothing', async () => {
  const source = scheme([SIGNING]);
  expect(await source.verify({ headers: bySignature, body }, NOW + 300_000)).toBe(true);
  expect(await source.verify({ headers: bySignature, body }, NOW + 301_000)).toBe(false);
});
