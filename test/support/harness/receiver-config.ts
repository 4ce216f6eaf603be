import { type ConfigFile, configSchema } from '../../../src/config/schema.js';
import type { TrustedProxies } from '../../../src/config/trusted-proxies.js';
import { Secret } from '../../../src/secrets/secret.js';
import type { AppDeps } from '../../../src/server/app.js';

export const SECRET = 'correct horse battery staple';
export const API_TOKEN = 'an-api-token-for-tests-of-32-characters';
export const CALLBACK_KEY = 'a-callback-key-for-tests';
export const CLIENT_SECRET = 'a-client-secret-for-tests';

export interface TestSource {
  readonly secrets?: readonly string[];
  readonly enabled?: boolean;
  /** Of another kind than GitHub: what its configuration holds beside. */
  readonly options?: object;
  /** Credentials of its API: by default it has none. */
  readonly api?: object;
}

/** The receiver's part of a loaded configuration. */
export function testConfig(
  options: {
    data?: string;
    sources?: Readonly<Record<string, TestSource>>;
    repeatedBodyHours?: number;
    uiUrl?: string;
    publicUrl?: string;
    trustedProxies?: TrustedProxies;
    apiToken?: string;
    signIn?: object;
    taskQueue?: string;
    idTokenKeys?: Secret[];
  } = {},
): AppDeps['config'] {
  const { sources = { github: {} }, repeatedBodyHours = 24, uiUrl, apiToken = API_TOKEN } = options;
  const { data, publicUrl, trustedProxies, signIn, taskQueue, idTokenKeys } = options;
  const reference = { env: 'UNUSED' };
  const parsed = configSchema.parse({
    data,
    sources: Object.fromEntries(
      Object.entries(sources).map(([name, { enabled = true, options }]) => [
        name,
        { kind: 'github', ...options, enabled, secrets: [reference] },
      ]),
    ),
    inbox: { repeatedBodyHours },
    temporal: { uiUrl, taskQueue },
    server: { publicUrl, trustedProxies, signIn },
  });
  const withSecrets = Object.entries(parsed.sources).map(([name, source]) => {
    const secrets = (sources[name]?.secrets ?? [SECRET]).map((secret) => new Secret(secret));
    return [
      name,
      { ...source, secrets, api: sources[name]?.api, clone: { url: undefined, token: undefined } },
    ] as const;
  });
  return {
    ...parsed,
    storage: {},
    sources: Object.fromEntries(withSecrets),
    server: {
      ...parsed.server,
      signIn: withSecret(parsed.server.signIn),
      apiToken: new Secret(apiToken),
      callbackKey: new Secret(CALLBACK_KEY),
      idTokens: idTokenKeys && { keys: idTokenKeys },
    },
  };
}

/** A client secret that a test names is found under any name. */
function withSecret({ oidc, ...rest }: ConfigFile['server']['signIn']): AppDeps['config']['server']['signIn'] {
  if (!oidc) return rest as AppDeps['config']['server']['signIn'];
  const clientSecret = oidc.clientSecret && new Secret(CLIENT_SECRET);
  return { ...rest, oidc: { ...oidc, clientSecret } } as AppDeps['config']['server']['signIn'];
}
