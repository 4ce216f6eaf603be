import { expect, test } from 'vitest';
import { configSchema } from '../../src/config/schema.js';

const secret = { env: 'A' };
const source = { kind: 'github', secrets: [secret] };
const sources = { it: source };

/** A configuration with an address in each option that takes one. */
const OPTIONS: Readonly<Record<string, (url: string) => object>> = {
  'server.publicUrl': (publicUrl) => ({ sources, server: { publicUrl } }),
  'temporal.uiUrl': (uiUrl) => ({ sources, temporal: { uiUrl } }),
  'sources.it.url': (url) => ({ sources: { it: { ...source, url } } }),
  'sources.it.api.url': (url) => ({ sources: { it: { ...source, api: { url } } } }),
  'sources.it.clone.url': (url) => ({ sources: { it: { ...source, clone: { url: `${url}{fullName}` } } } }),
  'sources.it.api.entra.authority': (authority) => {
    const entra = { tenant: 'a', clientId: 'b', clientSecret: secret, authority };
    return { sources: { it: { kind: 'azure-devops', url: 'https://a.example', secrets: [secret], api: { entra } } } };
  },
  'channels.sms.it.apiUrl': (apiUrl) => ({
    sources,
    channels: { sms: { it: { accountSid: 'a', authToken: secret, from: '+1', to: ['+2'], apiUrl } } },
  }),
  'endpoints.it.url': (url) => ({ sources, endpoints: { it: { url, secrets: [secret] } } }),
  'builds.it.url': (url) => ({ sources, builds: { it: { url } } }),
  'mirrors.it.url': (url) => ({ sources, mirrors: { it: { url } } }),
};

test.each(Object.entries(OPTIONS))(
  '%s takes no address with a user or a password, however it is written',
  (option, of) => {
    expect(configSchema.safeParse(of('https://a.example/')).error?.issues ?? []).toEqual([]);
    for (const url of [
      'https://user:canary@a.example/',
      'HTTP://user:canary@a.example/',
      '  https://canary@a.example/',
      'https:\\\\user:canary@a.example/',
      'https:user:canary@a.example/',
    ]) {
      const { error } = configSchema.safeParse(of(url));
      expect(
        error?.issues.map(({ path }) => path.join('.')),
        url,
      ).toContain(option);
      expect(JSON.stringify(error?.issues.map(({ message }) => message))).not.toContain('canary');
    }
  },
);

test.each(['ssh://user:canary@a.example/x', 'user:canary@a.example:x', 'git::https://user:canary@a.example/x'])(
  'a mirror is not at %s',
  (url) => expect(configSchema.safeParse({ sources, mirrors: { it: { url } } }).success).toBe(false),
);

const azure = (url: string) => ({
  sources: { it: { kind: 'azure-devops', url, secrets: [secret] } },
  builds: { it: { kind: 'azure-pipelines', url, token: secret, project: 'shop', pipeline: 1, correlation: 'build' } },
});

test.each(['https://dev.azure.com', 'https://dev.azure.com/', 'https://dev.azure.com/acme/shop'])(
  'Azure DevOps at %s is refused: it is no organisation, and nothing could be asked or cloned',
  (url) => {
    const { error } = configSchema.safeParse(azure(url));
    expect(error?.issues.map(({ path }) => path.join('.'))).toEqual(['sources.it.url', 'builds.it.url']);
    expect(error?.issues[0]?.message).toContain('https://dev.azure.com/<organisation>');
  },
);

test.each([
  'https://dev.azure.com/acme',
  'https://dev.azure.com/acme/',
  'https://acme.visualstudio.com',
  'http://tfs/tfs/all',
])('Azure DevOps may be at %s', (url) => expect(configSchema.safeParse(azure(url)).error?.issues ?? []).toEqual([]));
