import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { configSchema } from '../../src/config/schema.js';
import type { ProviderKind } from '../../src/providers/source.js';
import { NeededSecret } from '../../src/secrets/reference.js';
import type { SecretRule } from '../../src/secrets/secret-rule.js';
import { kinds, senderOf } from '../providers/senders.js';

const key = (bytes: number) => Buffer.alloc(bytes, 7).toString('base64');
/** Bytes that base64 writes with + and /. */
const URL_SAFE = Buffer.alloc(32, 251);
const GOOD = 'a-secret-of-more-than-24-bytes';
const OWN = 'an own secret of at least 32 characters';

const goodOf = (kind: ProviderKind) => (kind === 'standard-webhooks' ? `whsec_${key(32)}` : GOOD);

function sourceRule(kind: ProviderKind): SecretRule {
  const source = { kind, secrets: [{ env: 'A' }], ...senderOf(kind).settings } as never;
  return ruleAt(configSchema.parse({ sources: { it: source } }).sources.it?.secrets[0]);
}

function ruleAt(value: unknown): SecretRule {
  if (!(value instanceof NeededSecret)) throw new Error('there is no secret');
  return value.rule;
}

const ref = { env: 'A' };
const config = configSchema.parse({
  sources: {
    it: { kind: 'github', secrets: [ref], api: { app: { id: 1, privateKey: ref } }, clone: { token: ref } },
    other: { kind: 'gitlab', secrets: [ref], api: { token: ref } },
    azure: {
      kind: 'azure-devops',
      url: 'https://dev.azure.com/acme',
      secrets: [ref],
      api: { entra: { tenant: 'acme.example', clientId: 'a', clientSecret: ref } },
    },
  },
  secrets: { npm: ref },
  channels: {
    slack: { it: { url: ref } },
    email: { it: { server: ref, from: 'a@b.example', to: ['c@d.example'] } },
    sms: { it: { accountSid: 'AC1', authToken: ref, from: '+1', to: ['+2'] } },
  },
  endpoints: { it: { url: 'https://a.example', secrets: [ref] } },
  builds: {
    it: { url: 'https://a.example', token: ref },
    ci: { kind: 'gitlab', project: 'acme/app', token: ref },
  },
  storage: { s3: { bucket: 'bucket', accessKeyId: ref, secretAccessKey: ref } },
  jobs: { container: { registries: { it: { server: 'ghcr.io', username: 'a', password: ref } } } },
  mirrors: { it: { url: '/srv/it.git', token: ref } },
});
const { it, other, azure } = config.sources;
const { it: build, ci } = config.builds;
const RULES = {
  'server.apiToken': ruleAt(config.server.apiToken),
  'server.callbackKey': ruleAt(config.server.callbackKey),
  'endpoints.it.secrets': ruleAt(config.endpoints.it?.secrets[0]),
  'api.token': ruleAt(other?.kind === 'gitlab' && other.api?.token),
  'api.app.privateKey': ruleAt(it?.kind === 'github' && it.api?.app?.privateKey),
  'clone.token': ruleAt(it?.kind === 'github' && it.clone.token),
  'builds.it.token': ruleAt(build?.kind === 'http' && build.token),
  'ci.it.token': ruleAt(ci?.kind === 'gitlab' && ci.token),
  'entra.clientSecret': ruleAt(azure?.kind === 'azure-devops' && azure.api?.entra?.clientSecret),
  's3.secretAccessKey': ruleAt(config.storage.s3?.secretAccessKey),
  'registries.it.password': ruleAt(config.jobs.container.registries.it?.password),
  'mirrors.it.token': ruleAt(config.mirrors.it?.token),
  'channels.slack.it.url': ruleAt(config.channels.slack?.it?.url),
  'channels.email.it.server': ruleAt(config.channels.email?.it?.server),
  'channels.sms.it.authToken': ruleAt(config.channels.sms?.it?.authToken),
  'secrets.npm': ruleAt(config.secrets.npm),
} as const;
type Option = keyof typeof RULES;

describe.each(kinds)('a webhook secret of the kind %s', (kind) => {
  const { judge, make } = sourceRule(kind);

  test('can be used as it is, and a generated one too', () => {
    expect(judge(goodOf(kind))).toEqual({ text: goodOf(kind), warnings: [] });
    const made = make();
    expect(judge(made)).toEqual({ text: made, warnings: [] });
  });

  test.each([
    ['a line break at its end', (good: string) => `${good}\n`],
    ['line breaks of another system', (good: string) => `${good}\r\n\r\n`],
    ['a byte order mark', (good: string) => `\uFEFF${good}`],
  ])('loses %s, and that is told', (_, spoil) => {
    expect(judge(spoil(goodOf(kind)))).toEqual({
      text: goodOf(kind),
      warnings: [expect.stringContaining('is left out')],
    });
  });

  test.each([
    ['nothing', ''],
    ['a blank', ' \n'],
    ['one character', 'x'],
    ['less than eight', 'hunter2'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: what a template that was not filled in looks like
    ['a name that was not filled in', '${GITHUB_WEBHOOK_SECRET}'],
    ['another such name', '$GITHUB_WEBHOOK_SECRET'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as GitHub Actions writes it
    ['a name of a workflow', '${{ secrets.GITHUB_WEBHOOK_SECRET }}'],
    ['a name between percent signs', '%GITHUB_WEBHOOK_SECRET%'],
    ['a name that Azure Pipelines was to replace', '#{GITHUB_WEBHOOK_SECRET}#'],
    ['a name of a manual', '<your webhook secret>'],
    ['the stars of a page', '*'.repeat(32)],
    ['the dots of a page', '•'.repeat(32)],
    ['two secrets in one', `${goodOf(kind)}\n${goodOf(kind)}`],
    ['what UTF-16 leaves', `${GOOD}\0`],
  ])('is refused where it is %s, without being repeated', (_, text) => {
    const judged = judge(text);
    expect(judged).toHaveProperty('problem');
    if (text.trim().length > 7) expect(JSON.stringify(judged)).not.toContain(text.trim());
  });
});

test.each(kinds)(
  'fewer than 24 bytes are refused where %s makes its secrets, and a warning where people choose them',
  (kind) => {
    const judged = sourceRule(kind).judge('short-but-in-use');
    const isMade = ['standard-webhooks', 'stripe', 'slack', 'shopify'].includes(kind);
    if (isMade) expect(judged).toHaveProperty('problem');
    else expect(judged).toEqual({ text: 'short-but-in-use', warnings: [expect.stringContaining('24 bytes')] });
  },
);

test.each([
  ['standard-webhooks', `v1,whsec_${key(32)}`, `whsec_${key(32)}`],
  ['standard-webhooks', key(24), `whsec_${key(24)}`],
  ['standard-webhooks', `whsec_${URL_SAFE.toString('base64url')}`, `whsec_${URL_SAFE.toString('base64')}`],
  ['standard-webhooks', `v1a,whpk_${key(32)}`, `whpk_${key(32)}`],
  ['gitlab', `v1,whsec_${key(32)}`, `whsec_${key(32)}`],
  ['gitlab', ` ${GOOD} `, GOOD],
  ['token', `Bearer ${GOOD}`, GOOD],
  ['token', `${GOOD} `, GOOD],
  ['gitlab', `Bearer ${GOOD}`, `Bearer ${GOOD}`],
  ['github', ` ${GOOD}`, ` ${GOOD}`],
  ['hmac', `"${GOOD}"`, `"${GOOD}"`],
] as const)('of a secret of %s only what has one meaning is mended: %j', (kind, given, text) => {
  expect(sourceRule(kind).judge(given)).toMatchObject({ text });
});

test.each([
  ['standard-webhooks', 'whsec_AA', 'fewer than 24 bytes'],
  ['standard-webhooks', 'whsec_', 'Standard Webhooks'],
  ['standard-webhooks', `whsk_${key(32)}`, 'Standard Webhooks'],
  ['standard-webhooks', 'a secret that is no base64 at all', 'Standard Webhooks'],
  ['standard-webhooks', `whpk_${key(16)}`, 'public key'],
  ['standard-webhooks', `whsec_${key(32)} whsec_${key(32)}`, 'Standard Webhooks'],
  ['gitlab', `whsec_${key(8)}`, 'fewer than 24 bytes'],
  ['stripe', `sk_live_${GOOD}`, 'a key of the API'],
  ['stripe', `we_${GOOD}`, "the webhook's id"],
  ['slack', `xoxb-${GOOD}`, 'a token of the API'],
  ['shopify', `shpat_${GOOD}`, 'an access token'],
] as const)('what can not be a secret of %s is refused: %j', (kind, text, words) => {
  expect(sourceRule(kind).judge(text)).toEqual({ problem: expect.stringContaining(words) });
});

test.each<[Option, string, string]>([
  ['server.apiToken', 'x', '32 characters'],
  ['server.apiToken', 'x'.repeat(31), '32 characters'],
  ['server.apiToken', ` ${'x'.repeat(31)}`, '32 characters'],
  ['server.callbackKey', '1', '32 characters'],
  ['endpoints.it.secrets', 'whsec_AA', 'fewer than 24 bytes'],
  ['endpoints.it.secrets', `whpk_${key(32)}`, 'Standard Webhooks'],
  ['api.token', `"${GOOD}"`, 'in quotes'],
  ['api.token', 'two words', 'no HTTP header'],
  ['api.token', 'tökén', 'no HTTP header'],
  ['builds.it.token', 'a\nb', 'several lines'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what a template that was not filled in looks like
  ['clone.token', '${TOKEN}', 'not filled in'],
  ['mirrors.it.token', ' \n', 'is empty'],
  ['api.token', 'x', 'shorter than 8 characters'],
  ['api.token', 'Bearer abcdefg', 'shorter than 8 characters'],
  ['channels.sms.it.authToken', 'x', 'shorter than 8 characters'],
  ['ci.it.token', 'x', 'shorter than 8 characters'],
  ['entra.clientSecret', 'x', 'shorter than 8 characters'],
  ['api.app.privateKey', 'ghp_anything', 'RSA private key'],
  ['channels.slack.it.url', 'xoxb-token', 'http or https URL'],
  ['channels.email.it.server', 'mail.example:25', 'smtp:// or smtps:// URL'],
  ['channels.email.it.server', 'https://mail.example', 'smtp:// or smtps:// URL'],
  ['channels.sms.it.authToken', 'two words', 'no HTTP header'],
  ['secrets.npm', ' ', 'is empty'],
])('%s can not be %j', (option, text, words) => {
  expect(RULES[option].judge(text)).toEqual({ problem: expect.stringContaining(words) });
});

const pem = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();

test.each<[Option, string, string]>([
  ['server.apiToken', `${OWN}\n`, OWN],
  ['server.callbackKey', 'ü'.repeat(32), 'ü'.repeat(32)],
  ['endpoints.it.secrets', `v1,whsec_${key(24)}\n`, `whsec_${key(24)}`],
  ['api.token', 'Bearer ghp_12345', 'ghp_12345'],
  ['builds.it.token', 'b\n', 'b'],
  ['clone.token', 'pass word', 'pass word'],
  ['api.app.privateKey', pem.replaceAll('\n', '\\n'), pem],
  ['channels.slack.it.url', 'https://hooks.slack.example/T/B/x\n', 'https://hooks.slack.example/T/B/x'],
  ['channels.email.it.server', 'smtps://user:word@mail.example', 'smtps://user:word@mail.example'],
  ['secrets.npm', pem, pem],
])('%s may be given as %j', (option, given, text) => {
  expect(RULES[option].judge(given)).toMatchObject({ text });
});

test.each<Option>(['builds.it.token', 'mirrors.it.token', 's3.secretAccessKey', 'registries.it.password'])(
  '%s may be chosen by people, and a short one is warned of',
  (option) => {
    const { judge } = RULES[option];
    expect(judge('x')).toEqual({ text: 'x', warnings: [expect.stringContaining('shorter than 8 characters')] });
    expect(judge('x'.repeat(8))).toEqual({ text: 'x'.repeat(8), warnings: [] });
  },
);

test.each(Object.keys(RULES) as Option[])('what is generated for %s can be used', (option) => {
  if (/url|server\.it|email|privateKey/.test(option)) return;
  const { make, judge } = RULES[option];
  const made = make();
  expect(judge(made)).toEqual({ text: made, warnings: [] });
});
