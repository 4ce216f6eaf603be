import { expect, test } from 'vitest';
import type { Finding } from '../../src/server/api/findings/finding.js';
import { openPlace } from '../support/harness/place.js';

const SHORT = 'in-use-since-2019';
const CANARIES = ['whsec_AA', 'canary5550', SHORT];

/** What of a configuration can be wrong without being malformed, and what doctor says of it. */
const SOURCES = `{
  github: { kind: 'github', secrets: [env('SHORT')], repositories: ['https://github.com/acme/app', 'acme/*', 'acme'] },
  gitlab: { kind: 'gitlab', secrets: [env('LINE')], reconcile: { repositories: ['acme/*'], organisations: ['acme/app'] } },
  shop: { kind: 'standard-webhooks', secrets: [env('ONE_BYTE')] },
  prefixed: { kind: 'standard-webhooks', secrets: [env('PREFIXED')] },
  stripe: { kind: 'stripe', secrets: [env('STRIPE')] },
  chat: { kind: 'slack', secrets: [env('UNFILLED')] },
  cloud: {
    kind: 'bitbucket-cloud',
    secrets: [env('GOOD')],
    api: { url: 'http://127.0.0.1:1', username: 'bot@acme.example', token: env('APP_PASSWORD') },
  },
  azure: {
    kind: 'azure-devops',
    url: 'http://127.0.0.1:1/acme',
    secrets: [env('GOOD')],
    api: { token: env('ISSUED') },
  },
}`;
const MORE = `
  server: { apiToken: env('API_TOKEN'), callbackKey: env('CALLBACK_KEY') },
  endpoints: {
    partner: { url: 'https://partner.example', secrets: [env('ONE_BYTE')], headers: { 'X-Api-Key': 'canary5550', 'X-Team': 'red' } },
  },
  channels: { slack: { builds: { url: optionalEnv('NOT_SET') } } },
  secrets: { npm: env('EMPTY') },
`;
const AUTOMATIONS = `import { automation, branchHead, completed, notify, push, release, runJob, secret, sync, triggerBuild, webhook } from 'hookyard/workflow';

export const build = automation({ on: push({ sources: ['gihub'], paths: ['src'] }) }, async (event) => {
  await runJob(event, { name: 'ci', steps: ['make'], env: { TOKEN: secret('nmp') } });
  await notify.slack('bulids', 'x');
  await notify.slack('builds', 'x');
  await notify.email('team', { subject: 's', text: 't' });
  await webhook.send('partners', { type: 't', data: {} });
  await triggerBuild.http('deploy');
  await sync.mirror(event, 'backup');
  await branchHead({ source: 'gitlabb', repository: 'acme/app', branch: 'main' });
});
export const after = automation({ on: completed('biuld') }, async () => {});
export const published = automation({ on: release({ sources: ['stripe'] }) }, async () => {});
`;
const ENV = {
  GOOD: 'a-webhook-secret-of-more-than-24-bytes',
  APP_PASSWORD: 'ATBBcanary5550123456789',
  ISSUED: 'eyJhbGciOiJub25lIn0.eyJjYW5hcnk1NTUwIjoxfQ.x',
  SHORT,
  LINE: 'a-secret-token-of-more-than-24-bytes\n',
  ONE_BYTE: 'whsec_AA',
  PREFIXED: `v1,whsec_${Buffer.alloc(32, 7).toString('base64')}`,
  STRIPE: 'sk_live_canary5550123456789012',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what a template that was not filled in looks like
  UNFILLED: '${SLACK_SIGNING_SECRET}',
  EMPTY: ' ',
  API_TOKEN: 'x',
  CALLBACK_KEY: '1',
};

const TOLD: readonly [level: Finding['level'], about: string, line: RegExp][] = [
  [
    'problem',
    'configuration',
    /^server\.apiToken: .* API_TOKEN is shorter than 32 characters.*: make one with: openssl/,
  ],
  [
    'problem',
    'configuration',
    /^server\.callbackKey: .* CALLBACK_KEY is shorter than 32 characters.*: make one with: /,
  ],
  [
    'problem',
    'configuration',
    /^sources\.shop\.secrets\[0\]: .* ONE_BYTE is a key of fewer than 24 bytes.*: give "whsec_"/,
  ],
  [
    'problem',
    'configuration',
    /^sources\.stripe\.secrets\[0\]: .* STRIPE is not the signing secret .*, but a key of the API/,
  ],
  [
    'problem',
    'configuration',
    /^sources\.chat\.secrets\[0\]: .* UNFILLED is the name of a variable that was not filled in/,
  ],
  ['problem', 'configuration', /^secrets\.npm: .* EMPTY is empty/],
  ['problem', 'configuration', /^endpoints\.partner\.secrets\[0\]: .* ONE_BYTE is a key of fewer than 24 bytes/],
  [
    'problem',
    'configuration',
    /^sources\.github\.repositories\[0\]: .* can never match, .*; did you mean "acme\/app"\?/,
  ],
  [
    'problem',
    'configuration',
    /^sources\.github\.repositories\[2\]: "acme" can never match, .*; did you mean .*"acme\/\*"/,
  ],
  ['problem', 'configuration', /^sources\.gitlab\.reconcile\.repositories\[0\]: "acme\/\*" is a pattern: only names/],
  ['problem', 'configuration', /^sources\.gitlab\.reconcile\.organisations\[0\]: .*; did you mean "acme"\?/],
  [
    'warn',
    'configuration',
    /^sources\.github\.secrets\[0\]: .* SHORT is shorter than 24 bytes.*: make one with: openssl/,
  ],
  ['warn', 'configuration', /^sources\.gitlab\.secrets\[0\]: .* LINE has a line break .*, which is left out/],
  [
    'warn',
    'configuration',
    /^endpoints\.partner\.headers: the value of "X-Api-Key" stands in the configuration as it is$/,
  ],
  ['problem', 'automations', /own\.ts:3:\d+: "build" listens to the source "gihub", .*; did you mean "github"\?/],
  ['problem', 'automations', /own\.ts:13:\d+: "after" runs on completed\('biuld'\), .*; did you mean "build"\?/],
  ['warn', 'automations', /own\.ts:3:\d+: paths: "src" matches a file .*; did you mean "src\/\*\*"\?/],
  ['warn', 'automations', /own\.ts:4:\d+: secrets\.nmp is not configured; did you mean "npm"\?/],
  ['warn', 'automations', /own\.ts:5:\d+: channels\.slack\.bulids is not configured; did you mean "builds"\?/],
  ['warn', 'automations', /own\.ts:6:\d+: channels\.slack\.builds\.url is not set/],
  [
    'warn',
    'automations',
    /own\.ts:7:\d+: channels\.email\.team is not configured: add channels\.email\.team to hookyard/,
  ],
  ['warn', 'automations', /own\.ts:8:\d+: endpoints\.partners is not configured; did you mean "partner"\?/],
  ['warn', 'automations', /own\.ts:9:\d+: builds\.deploy is not configured: add builds\.deploy to hookyard/],
  ['warn', 'automations', /own\.ts:10:\d+: mirrors\.backup is not configured: add mirrors\.backup to hookyard/],
  ['warn', 'automations', /own\.ts:11:\d+: sources\.gitlabb is not configured; did you mean "gitlab"\?/],
  [
    'warn',
    'automations',
    /own\.ts:14:\d+: "published" waits for events of the kind release, which the source stripe does/,
  ],
  ['problem', 'source cloud', /^sources\.cloud\.api\.token is one of the app passwords, which Bitbucket ended on /],
  ['warn', 'source azure', /^sources\.azure\.api\.token was issued for about an hour, and nobody renews it/],
];

test('doctor tells of every mistake of a configuration at once, in a line each with what to do', async () => {
  const place = await openPlace({ sources: SOURCES, more: MORE, automations: AUTOMATIONS });
  const { code, out, err } = await place.hookyard(['doctor', '--json'], ENV);
  expect([code, err]).toEqual([1, '']);
  const { findings } = JSON.parse(out) as { findings: readonly Finding[] };
  for (const [level, about, says] of TOLD)
    expect(findings).toContainEqual(expect.objectContaining({ level, about, says: expect.stringMatching(says) }));
  const lines = findings.filter(({ about, level }) => !/^s/.test(about) && level !== 'ok');
  expect(lines).toHaveLength(TOLD.filter(([, about]) => !/^s/.test(about)).length);
  // The sources are looked at all the same.
  expect(findings).toContainEqual(expect.objectContaining({ about: 'source gitlab', level: 'warn' }));
  for (const secret of CANARIES) expect(out).not.toContain(secret);
});
