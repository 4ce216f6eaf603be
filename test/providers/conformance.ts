import { beforeEach, describe, expect, test } from 'vitest';
import { eventsOf, MalformedPayload, type Normalised, type WebhookScheme } from '../../src/providers/webhook-scheme.js';
import { Secret, type SecretValues } from '../../src/secrets/secret.js';

export interface Fixture {
  readonly name: string;
  /** What the provider sends beside the signature; lower-case names. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** What becomes of it: a part of the event, or of each, or the reason why it is ignored. */
  readonly expect: { readonly event: object } | { readonly events: readonly object[] } | { readonly ignored: string };
}

/** Takes of a fixture the body, and the name that a header gives the event. */
export const withEvent =
  (header: string) =>
  ({ headers, body }: Fixture) => ({ event: headers?.[header] ?? '', body });

export interface Signing {
  readonly secret: string;
  /** Unix ms. */
  readonly now: number;
  readonly id: string;
}

export interface KindSuite {
  readonly make: (secrets: readonly Secret[]) => WebhookScheme;
  /** The headers that a sender who knows the secret puts beside a body. */
  readonly sign: (body: Buffer, signing: Signing) => Record<string, string>;
  /** The header that holds the credential. */
  readonly credential: string;
  /** Whether the credential depends on the body. */
  readonly signsBody: boolean;
  readonly secret?: string;
  readonly otherSecret?: string;
  readonly fixtures: readonly [Fixture, ...Fixture[]];
}

const NOW = Date.parse('2026-11-24T08:00:00Z');
const context = { source: 'here', deliveryId: 'd1', receivedAt: '2026-11-24T08:00:00.000Z' };

/** What every kind of source holds to, whoever sends. */
export function describeKind(name: string, suite: KindSuite): void {
  const {
    make,
    sign,
    credential,
    signsBody,
    secret = 'a secret of sixteen',
    otherSecret = 'quite another secret',
    fixtures,
  } = suite;
  let kind: WebhookScheme;
  beforeEach(() => {
    kind = make([new Secret(secret)]);
  });
  const [first] = fixtures;
  const body = Buffer.from(JSON.stringify(first.body));
  const signed = (of: Buffer, how: Partial<Signing> = {}): Record<string, string> => ({
    'content-type': 'application/json',
    ...first.headers,
    ...sign(of, { secret, now: NOW, id: 'delivery-1', ...how }),
  });
  const verifies = (headers: Record<string, string>, of = body, by = kind) =>
    by.isSigned(headers) && by.verify({ headers, body: of }, NOW);

  describe(`${name} verifies`, () => {
    test(`${name} verifies what was signed with its secret`, async () => {
      expect(await verifies(signed(body))).toBe(true);
    });

    test(`${name} verifies with the second of two secrets, while they are rotated`, async () => {
      const rotating = make([new Secret(otherSecret), new Secret(secret)]);
      expect(await verifies(signed(body), body, rotating)).toBe(true);
    });

    test(`${name} verifies with a secret and with the one that it has replaced, for as long as that counts`, async () => {
      let values: SecretValues = [secret];
      const rotating = make([new Secret(() => values)]);
      const sent = [secret, otherSecret].map((each) => signed(body, { secret: each }));
      const verified = () => Promise.all(sent.map((headers) => verifies(headers, body, rotating)));
      expect(await verified()).toEqual([true, false]);
      values = [otherSecret, secret];
      expect(await verified()).toEqual([true, true]);
      values = [otherSecret];
      expect(await verified()).toEqual([false, true]);
    });

    if (!secret.startsWith('whsec_')) {
      test(`${name} verifies a secret that is not ASCII, whose bytes a header brings as UTF-8`, async () => {
        const foreign = 'gehe1mnis-пароль-密码';
        const sent = Object.entries(signed(body, { secret: foreign }));
        // Node gives each byte of a header as a character.
        const asRead = sent.map(([header, value]) => [header, Buffer.from(value).toString('latin1')] as const);
        expect(await verifies(Object.fromEntries(asRead), body, make([new Secret(foreign)]))).toBe(true);
        expect(await verifies(Object.fromEntries(asRead), body, make([new Secret('gehe1mnis-??????-??')]))).toBe(false);
      });
    }

    test(`${name} verifies nothing signed with another secret`, async () => {
      expect(await verifies(signed(body, { secret: otherSecret }))).toBe(false);
    });

    test(`${name} verifies nothing for an empty secret`, async () => {
      expect(await verifies(signed(body), body, make([new Secret('')]))).toBe(false);
      expect(await verifies(signed(body), body, make([]))).toBe(false);
    });

    if (signsBody) {
      test(`${name} verifies no body of which one bit was changed`, async () => {
        const changed = Buffer.from(body);
        changed[changed.length - 3] = (changed[changed.length - 3] ?? 0) ^ 1;
        expect(await verifies(signed(body), changed)).toBe(false);
        expect(await verifies(signed(body), Buffer.concat([body, Buffer.from('\n')]))).toBe(false);
      });
    }

    test(`${name} verifies by its headers alone where they hold all that is verified`, () => {
      const by = (headers: Record<string, string>) => kind.verifyHeaders?.(headers, NOW);
      expect(by(signed(body))).toBe(signsBody ? undefined : true);
      expect(by(signed(body, { secret: otherSecret }))).toBe(signsBody ? undefined : false);
    });

    test(`${name} verifies no credential that is missing, empty or spoiled, and some are refused before the body is read`, async () => {
      const good = signed(body);
      const value = good[credential] ?? '';
      const { [credential]: _, ...without } = good;
      expect(kind.isSigned(without)).toBe(false);
      expect(kind.isSigned({ ...good, [credential]: '' })).toBe(false);
      for (const spoiled of [value.slice(0, -1), `${value}0`, value.slice(1), `${value.slice(0, -2)}!!`]) {
        expect(await verifies({ ...good, [credential]: spoiled }), spoiled).toBe(false);
      }
    });
  });

  describe(`${name} reads`, () => {
    test.each(fixtures.map((fixture) => [fixture.name, fixture] as const))(`${name} reads %s`, (_, fixture) => {
      expect(read(kind, suite, fixture, fixture.body)).toMatchObject(fixture.expect);
    });

    test(`${name} reads what its kind says that it can tell of, and nothing else`, () => {
      const told = fixtures.flatMap((fixture) => {
        const answer = read(kind, suite, fixture, fixture.body);
        return 'ignored' in answer ? [] : eventsOf(answer).map((event) => event.kind);
      });
      expect([...new Set(told)].sort()).toEqual([...kind.capabilities.events].sort());
    });

    test(`${name} reads the same key however often a delivery comes, or none`, () => {
      const headers = {
        'content-type': 'application/json',
        ...first.headers,
        ...sign(body, { secret, now: NOW, id: 'delivery-1' }),
      };
      const key = () => kind.deliveryKey({ headers, body, payload: kind.parse({ headers, body }) });
      expect(key()).toBe(key());
      expect(key() ?? 'none').toMatch(/^[\x21-\x7e]{1,250}$/);
    });

    test(`${name} reads no body that is not JSON`, () => {
      for (const text of ['', '{', 'null?', '\u0000', '{"a":1}x']) {
        const headers = { 'content-type': 'application/json', ...first.headers };
        expect(() => kind.parse({ headers, body: Buffer.from(text) }), text).toThrow(MalformedPayload);
      }
    });

    test(`${name} reads spoiled bodies as events, as ignored or as malformed, and never breaks`, () => {
      for (const fixture of fixtures) {
        for (const spoiled of spoilings(fixture.body)) {
          try {
            const answer = read(kind, suite, fixture, spoiled);
            expect('ignored' in answer ? answer.ignored : eventsOf(answer)[0]).toBeTruthy();
          } catch (error) {
            expect(error, JSON.stringify(spoiled)?.slice(0, 300)).toBeInstanceOf(MalformedPayload);
          }
        }
      }
      expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    });

    test(`${name} reads deep nesting without falling over`, () => {
      const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
      const headers = {
        'content-type': 'application/json',
        ...first.headers,
        ...sign(Buffer.from(deep), { secret, now: NOW, id: 'x' }),
      };
      try {
        const payload = kind.parse({ headers, body: Buffer.from(deep) });
        kind.normalise(payload, kind.eventName({ headers, body: Buffer.from(deep), payload }), context);
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedPayload);
      }
    });
  });
}

/** From verified bytes to what became of them. */
function read(
  kind: WebhookScheme,
  { sign, secret = 'a secret of sixteen' }: KindSuite,
  fixture: Fixture,
  payloadIn: unknown,
): Normalised {
  const body = Buffer.from(JSON.stringify(payloadIn) ?? 'null');
  const headers = {
    'content-type': 'application/json',
    ...fixture.headers,
    ...sign(body, { secret, now: NOW, id: 'delivery-1' }),
  };
  const payload = kind.parse({ headers, body });
  const eventName = kind.eventName({ headers, body, payload });
  kind.deliveryKey({ headers, body, payload });
  return kind.normalise(payload, eventName, context);
}

/** A body with each field, down to the third level, dropped, emptied and given other types; and with hostile keys. */
function* spoilings(body: unknown, depth = 3): Generator<unknown> {
  yield* [null, 1, 'text', [], {}, true];
  if (typeof body !== 'object' || body === null || depth === 0) return;
  const source = body as Record<string, unknown>;
  yield { ...source, constructor: { prototype: { polluted: 1 } } };
  if (!Array.isArray(body) && Object.keys(source).length > 0)
    yield JSON.parse(`{"__proto__": {"polluted": 1}, ${JSON.stringify(source).slice(1)}`);
  for (const key of Object.keys(source)) {
    const { [key]: value, ...rest } = source;
    yield rest;
    for (const other of spoilings(value, depth - 1)) yield Array.isArray(body) ? [other] : { ...rest, [key]: other };
  }
}
