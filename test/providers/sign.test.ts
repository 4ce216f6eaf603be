import { expect, test } from 'vitest';
import { PROVIDERS } from '../../src/providers/index.js';
import { toKnownSource } from '../../src/providers/known-sources.js';
import { credentialValue, type Signed, type Unsigned } from '../../src/providers/sign.js';
import type { Source } from '../../src/providers/source.js';
import { Secret } from '../../src/secrets/secret.js';
import { kinds, senderOf, sourceOf } from './senders.js';
import { SECRET } from './signing.js';

const NOW = Date.parse('2026-11-24T08:00:00Z');
const PLAIN = 'a plain secret of enough characters';

const signAs = (source: Source, unsigned: Unsigned): Signed | undefined => {
  const sign = PROVIDERS[source.kind].sign as (of: Source, what: Unsigned, now: number) => Signed | undefined;
  return sign(source, unsigned, NOW);
};

const cases = kinds.flatMap((kind) =>
  [SECRET, PLAIN]
    .filter((secret) => secret === SECRET || kind !== 'standard-webhooks')
    .map((secret) => [kind, secret === PLAIN ? 'a plain secret' : 'a signing secret', secret] as const),
);

test.each(cases)(
  'what is signed for %s with %s is verified, and holds no secret by itself',
  async (kind, _, secret) => {
    const source = {
      ...sourceOf(kind),
      secrets: [new Secret('another secret of enough characters'), new Secret(secret)],
    };
    const { scheme } = toKnownSource(source as Source);
    for (const { event: eventName, body: payload } of senderOf(kind).bodies) {
      const body = Buffer.from(JSON.stringify(payload));
      const signed = signAs(source as Source, { body, eventName, id: 'an-id-of-ours', secrets: [secret] });
      expect(signed).toBeDefined();
      if (!signed) continue;
      expect(JSON.stringify(signed)).not.toContain(secret);
      expect(JSON.stringify(signed)).not.toContain(Buffer.from(`me:${secret}`).toString('base64'));
      const { credential } = signed;
      const headers = {
        'content-type': 'application/json',
        ...signed.headers,
        ...(credential && { [credential.header]: credentialValue(credential, secret) }),
      };
      expect(scheme.isSigned(headers)).toBe(true);
      expect(await scheme.verify({ headers, body }, NOW)).toBe(true);
      expect(await scheme.verify({ headers, body }, NOW + 3 * 3_600_000)).toBe(signed.seconds === undefined);
      const parsed = { headers, body, payload: scheme.parse({ headers, body }) };
      if (eventName) expect(scheme.eventName(parsed)).toBe(eventName);
    }
  },
);

test('the first secret that can sign does: a signing token at GitLab, no public key of Standard Webhooks', () => {
  const body = Buffer.from('{}');
  const by = (kind: 'gitlab' | 'standard-webhooks', ...secrets: string[]) =>
    signAs(sourceOf(kind), { body, eventName: 'Push Hook', id: 'i', secrets })?.by;
  expect(by('gitlab', PLAIN, SECRET)).toBe(1);
  expect(by('gitlab', PLAIN)).toBe(0);
  expect(by('standard-webhooks', 'whpk_AAAA', SECRET)).toBe(1);
  expect(by('standard-webhooks', 'whpk_AAAA')).toBeUndefined();
});

test.each(['slack', 'stripe', 'standard-webhooks'] as const)(
  'what is signed for a source of %s is accepted for as long as the source says',
  async (kind) => {
    const source = { ...sourceOf(kind), toleranceSeconds: 60, secrets: [new Secret(SECRET)] } as Source;
    const body = Buffer.from('{}');
    const signed = signAs(source, { body, eventName: undefined, id: 'i', secrets: [SECRET] });
    expect(signed?.seconds).toBe(60);
    const { scheme } = toKnownSource(source);
    const acceptedAfter = (seconds: number) =>
      scheme.verify({ headers: signed?.headers ?? {}, body }, NOW + seconds * 1000);
    expect([await acceptedAfter(60), await acceptedAfter(62)]).toEqual([true, false]);
  },
);
