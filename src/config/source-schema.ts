import { z } from 'zod';
import { secretReference } from '../secrets/reference.js';

/** What each kind of source may hold: `sources.<name>` of the configuration. */

export const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http or https URL' });

const shared = {
  enabled: z.boolean().default(true),
  secrets: z.array(secretReference).min(1, 'needs at least one webhook secret; list two while you rotate'),
};

const duration = z.string().regex(/^[1-9]\d{0,3} (second|minute|hour|day)s?$/, 'must read like "10 minutes"');

/** How a source's missed deliveries are looked for. */
const reconcile = z.strictObject({
  every: duration.default('10 minutes'),
  repositories: z
    .array(z.string().min(1))
    .max(500)
    .optional()
    .describe('whose hooks are looked at; default: those that deliveries told of in the last 30 days'),
  organisations: z
    .array(z.string().min(1))
    .max(50)
    .default([])
    .describe('at GitHub: whose own hooks are looked at too'),
  callsPerMinute: z.int().min(1).max(6_000).default(60).describe('of the API, at most'),
  settle: duration
    .default('2 minutes')
    .describe('where the provider keeps no list: how long a change may wait for its own delivery'),
});

/** What a Git provider's source has beside its secrets. `url` is the web base, also of a self-hosted server. */
const repositories = <T extends z.ZodType<string>>(url: T) => ({
  ...shared,
  url,
  repositories: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe('globs of the repositories it may speak for; deliveries about others are ignored. Default: all'),
  reconcile: z
    .union([z.literal(false), reconcile])
    .prefault({})
    .describe('looks for missed deliveries, where the source has API credentials; false: never'),
  clone: z
    .strictObject({
      url: z
        .string()
        .includes('{fullName}')
        .optional()
        .describe('where git fetches from, {url}, {fullName} and {data} filled in; default {url}/{fullName}.git'),
      token: secretReference.optional().describe('for fetching over https; default: the API token'),
    })
    .default({}),
});

const account = z
  .string()
  .min(1)
  .max(100)
  .optional()
  .describe('login of the account that the credentials belong to: what it does starts nothing by itself');

const tokenApi = z.strictObject({
  url: httpUrl.optional().describe("API base; derived from the source's url when absent"),
  token: secretReference.optional(),
  account,
});

const githubApi = z
  .strictObject({
    url: httpUrl.optional().describe("API base; derived from the source's url when absent"),
    token: secretReference.optional().describe('personal access or installation token'),
    app: z.strictObject({ id: z.union([z.string(), z.number()]), privateKey: secretReference }).optional(),
    account,
  })
  .refine((api) => !(api.token && api.app), 'give either a token or an app, not both');

const headerName = z.string().regex(/^[A-Za-z0-9-]+$/, 'is no name of a header');

const github = z.strictObject({
  kind: z.literal('github'),
  ...repositories(httpUrl.default('https://github.com')),
  api: githubApi.optional(),
});

const gitlab = z.strictObject({
  kind: z.literal('gitlab'),
  ...repositories(httpUrl.default('https://gitlab.com')),
  api: tokenApi.optional(),
  acceptSecretToken: z
    .boolean()
    .default(false)
    .describe('while moving to signing tokens (whsec_…): also take requests with only the plain secret token'),
});

const bitbucketCloud = z.strictObject({
  kind: z.literal('bitbucket-cloud'),
  ...repositories(httpUrl.default('https://bitbucket.org')),
  api: tokenApi
    .extend({
      username: z
        .string()
        .min(1)
        .optional()
        .describe('with an API token of a person: their e-mail address; without it the token is an access token'),
    })
    .optional(),
});

const azureDevops = z.strictObject({
  kind: z.literal('azure-devops'),
  ...repositories(httpUrl.describe('with the organisation: https://dev.azure.com/<organisation>')),
  username: z
    .string()
    .default('hookyard')
    .describe("of the service hook's basic authentication; the secrets are its passwords"),
  api: tokenApi.optional(),
});

const selfHosted = <K extends string>(kind: K) =>
  z.strictObject({ kind: z.literal(kind), ...repositories(httpUrl), api: tokenApi.optional() });

const timed = {
  toleranceSeconds: z.int().min(1).max(3_600).default(300).describe('how far the timestamp may be off, either way'),
};

const hmac = z.strictObject({
  kind: z.literal('hmac'),
  ...shared,
  header: headerName.describe('holds the signature'),
  algorithm: z.enum(['sha256', 'sha384', 'sha512']).default('sha256'),
  encoding: z.enum(['hex', 'base64']).default('hex'),
  prefix: z.string().max(50).default('').describe('before the signature, "sha256=" for example'),
  keyHeader: headerName.optional().describe('holds the id of the delivery; default: a hash of the body'),
  typeHeader: headerName.optional().describe('holds the type of the event; default: the body\'s field "type"'),
});

const standardWebhooks = z.strictObject({ kind: z.literal('standard-webhooks'), ...shared, ...timed });
const stripe = z.strictObject({ kind: z.literal('stripe'), ...shared, ...timed });
const slack = z.strictObject({ kind: z.literal('slack'), ...shared, ...timed });
const shopify = z.strictObject({ kind: z.literal('shopify'), ...shared });

const basic = z.strictObject({
  kind: z.literal('basic'),
  ...shared,
  username: z.string().min(1).describe('the secrets are its passwords'),
  keyHeader: headerName.optional(),
  typeHeader: headerName.optional(),
});

const token = z.strictObject({
  kind: z.literal('token'),
  ...shared,
  header: headerName.default('authorization').describe('holds the token; a leading "Bearer " is taken off'),
  keyHeader: headerName.optional(),
  typeHeader: headerName.optional(),
});

export const sourceSchema = z.discriminatedUnion('kind', [
  github,
  gitlab,
  selfHosted('gitea'),
  selfHosted('forgejo'),
  selfHosted('gogs'),
  bitbucketCloud,
  selfHosted('bitbucket-data-center'),
  azureDevops,
  standardWebhooks,
  stripe,
  slack,
  shopify,
  hmac,
  basic,
  token,
]);
