import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { ConfigInput } from '../../../src/config/index.js';
import { configSchema } from '../../../src/config/schema.js';
import type { SecretRule } from '../../../src/secrets/secret-rule.js';
import { secretsOf } from './secret-options.js';

/** Where the echoing servers listen, and where a repository is that can be cloned. */
export interface Echoes {
  readonly http: string;
  readonly smtp: string;
  readonly repositories: string;
}

/** A secret that is looked for wherever it must not be. */
export interface Canary {
  readonly option: string;
  readonly variable: string;
  /** What the variable holds. */
  readonly secret: string;
  /** What of it is looked for. */
  readonly mark: string;
}

/**
 * Returns a configuration with every secret that there can be, each by a variable of its own, and everything else led to servers
 * that quote what they are sent.
 */
export function canaryConfig({ http, smtp, repositories }: Echoes): {
  readonly config: ConfigInput;
  readonly canaries: readonly Canary[];
} {
  let count = 0;
  const secret = () => ({ env: `CANARY_${++count}` });
  const hook = () => ({ secrets: [secret()] });
  const git = (kind: string) => ({
    ...hook(),
    url: `${http}/${kind}`,
    clone: { token: secret() },
    reconcile: { repositories: ['acme/app'], every: '1 minute' },
  });
  const api = (kind: string) => ({ url: `${http}/${kind}/api`, token: secret() });
  const ci = (kind: string) => ({ url: `${http}/ci/${kind}`, token: secret(), allowPrivate: true });
  const plain = { typeHeader: 'x-type', keyHeader: 'x-key' };
  const config: ConfigInput = {
    server: {
      ...{ port: 0, publicUrl: `${http}/hookyard`, apiToken: secret(), callbackKey: secret() },
      idTokens: { keys: [secret()] },
      signIn: { oidc: { issuer: `${http}/oidc`, clientId: 'us', clientSecret: secret(), viewers: ['*'] } },
    },
    jobs: {
      container: { registries: { it: { server: 'localhost:5000', username: 'us', password: secret() } } },
    },
    storage: {
      s3: {
        endpoint: `${http}/s3`,
        bucket: 'ours',
        accessKeyId: secret(),
        secretAccessKey: secret(),
        sessionToken: secret(),
      },
    },
    sources: {
      github: { kind: 'github', ...git('github'), api: api('github') },
      'github-app': {
        kind: 'github',
        ...git('app'),
        api: { url: `${http}/app/api`, app: { id: 1, privateKey: secret() } },
      },
      gitlab: { kind: 'gitlab', ...git('gitlab'), api: api('gitlab') },
      gitea: { kind: 'gitea', ...git('gitea'), api: api('gitea') },
      forgejo: { kind: 'forgejo', ...git('forgejo'), api: api('forgejo') },
      gogs: { kind: 'gogs', ...git('gogs'), api: api('gogs') },
      cloud: { kind: 'bitbucket-cloud', ...git('cloud'), api: { ...api('cloud'), username: 'me@acme.example' } },
      center: { kind: 'bitbucket-data-center', ...git('center'), api: api('center') },
      azure: { kind: 'azure-devops', ...git('azure'), api: api('azure') },
      'azure-entra': {
        kind: 'azure-devops',
        ...git('entra'),
        api: {
          url: `${http}/entra/api`,
          entra: { tenant: 'acme', clientId: 'us', clientSecret: secret(), authority: `${http}/login` },
        },
      },
      local: { kind: 'github', ...hook(), clone: { url: `${repositories}/{fullName}.git` } },
      standard: { kind: 'standard-webhooks', ...hook() },
      stripe: { kind: 'stripe', ...hook() },
      slack: { kind: 'slack', ...hook() },
      shopify: { kind: 'shopify', ...hook() },
      hmac: { kind: 'hmac', ...hook(), header: 'x-signature', ...plain },
      basic: { kind: 'basic', ...hook(), username: 'us', ...plain },
      token: { kind: 'token', ...hook(), ...plain },
    },
    secrets: { it: secret() },
    channels: {
      slack: { it: { url: secret() } },
      email: { it: { server: secret(), from: 'us@acme.example', to: ['them@acme.example'] } },
      sms: { it: { accountSid: 'AC1', authToken: secret(), from: '+1', to: ['+2'], apiUrl: `${http}/twilio` } },
    },
    endpoints: {
      it: { url: `${http}/endpoint`, secrets: [secret()], headers: { it: secret() }, allowPrivate: true },
    },
    builds: {
      it: { url: `${http}/build`, token: secret(), allowPrivate: true },
      gitlab: { kind: 'gitlab', ...ci('gitlab'), project: 'acme/app' },
      jenkins: { kind: 'jenkins', ...ci('jenkins'), user: 'us', job: 'app' },
      buildkite: { kind: 'buildkite', ...ci('buildkite'), organization: 'acme', pipeline: 'app' },
      circleci: { kind: 'circleci', ...ci('circleci'), project: 'gh/acme/app', correlation: 'id' },
      azure: { kind: 'azure-pipelines', ...ci('azure'), project: 'app', pipeline: 1, correlation: 'id' },
      woodpecker: { kind: 'woodpecker', ...ci('woodpecker'), repository: 1 },
    },
    mirrors: { it: { url: `${http}/mirror.git`, token: secret() } },
  };
  const canaries = secretsOf(configSchema.parse(config)).map(([option, { reference, rule }]) => {
    if (!('env' in reference)) throw new Error(`${option} is not a canary`);
    return { option, variable: reference.env, ...drawn(rule, { http, smtp }) };
  });
  return { config, canaries };
}

/** Draws a secret that a rule takes. */
function drawn(rule: SecretRule, { http, smtp }: Pick<Echoes, 'http' | 'smtp'>): Pick<Canary, 'secret' | 'mark'> {
  const mark = `Canary9${randomBytes(20).toString('hex')}`;
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const candidates = [
    { secret: mark, mark },
    { secret: `whsec_${Buffer.from(mark).toString('base64')}`, mark: Buffer.from(mark).toString('base64') },
    { secret: `${http}/slack/${mark}`, mark },
    { secret: smtp.replace('//', `//us:${mark}@`), mark },
    { secret: pem, mark: pem.split('\n')[3] ?? '' },
  ];
  const found = candidates.find(({ secret }) => 'text' in rule.judge(secret));
  if (!found) throw new Error('a secret has a rule that no canary keeps: draw one here that does');
  return found;
}
