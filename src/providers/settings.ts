import { z } from 'zod';
import { holdsCredentials, NO_CREDENTIALS } from '../secrets/address-credentials.js';
import { secretOf } from '../secrets/reference.js';
import { apiToken, chosenSecret, password } from '../secrets/secret-kinds.js';
import type { SecretRule } from '../secrets/secret-rule.js';
import { duration } from './duration.js';

/** The parts that the settings of sources, `sources.<name>` of the configuration, have in common. */

/** The schema of an address. */
export const httpUrl = z
  .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
  .refine((url) => !holdsCredentials(url), NO_CREDENTIALS);

/** The schema of the address of an organisation of Azure DevOps, or of a collection of a server of one's own. */
export const azureUrl = httpUrl.refine(
  isOrganisation,
  'must end with the organisation, and nothing behind it: https://dev.azure.com/<organisation>',
);

/** Whether an address may be that of an organisation: any other host's is not judged. */
function isOrganisation(address: string): boolean {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  return url?.hostname !== 'dev.azure.com' || /^\/[^/]+\/*$/.test(url.pathname);
}

/** The schema of an address that git takes: a URL, `host:path` by SSH, or a path. */
export const gitAddress = z
  .string()
  .min(1)
  .refine((url) => !holdsCredentials(url), `${NO_CREDENTIALS}; give git the token by the option beside it`);

/** How much a source may send. */
const limit = z
  .strictObject({
    deliveries: z.int().min(1).optional().describe('verified deliveries, repeats included'),
    bytes: z.int().min(1_024).optional().describe('bytes of their bodies'),
    per: duration.default('1 minute').describe('the time in which so much may come, at once or evenly'),
  })
  .refine(
    ({ deliveries, bytes }) => deliveries !== undefined || bytes !== undefined,
    'needs deliveries, bytes or both',
  );

/** Returns what every source has. `rule` says what its webhook secrets have to be. */
export const webhookSettings = (rule: SecretRule = chosenSecret) => ({
  enabled: z.boolean().default(true),
  secrets: z.array(secretOf(rule)).min(1, 'needs at least one webhook secret; list two while you rotate'),
  maxValues: z
    .int()
    .min(1_000)
    .max(10_000_000)
    .optional()
    .describe('a body that holds more JSON values, or fields of a form, is refused with 413; default: 1,000,000'),
  limit: limit.optional().describe('what is sent beyond it is answered 429, for this source alone. Default: none'),
});

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

/**
 * Returns what a Git provider's source has beside its API. `url` is the web base, also of a self-hosted server; `rule` says
 * what its webhook secrets have to be.
 */
export const gitSettings = <T extends z.ZodType<string>>(url: T, rule: SecretRule = chosenSecret) => ({
  ...webhookSettings(rule),
  url,
  repositories: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe('globs of the repositories it may speak for; deliveries about others are ignored. Default: all'),
  publicLogs: z
    .boolean()
    .default(false)
    .describe('runs of its public repositories, with their logs, may be looked at by everybody'),
  reconcile: z
    .union([z.literal(false), reconcile])
    .prefault({})
    .describe('looks for missed deliveries, where the source has API credentials; false: never'),
  clone: z
    .strictObject({
      url: gitAddress
        .includes('{fullName}')
        .optional()
        .describe('where git fetches from, {url}, {fullName} and {data} filled in; default {url}/{fullName}.git'),
      token: secretOf(password).optional().describe('for fetching over https; default: the API token'),
    })
    .default({}),
});

/** The schema of the option `api.account`. */
export const account = z
  .string()
  .min(1)
  .max(100)
  .optional()
  .describe('login of the account that the credentials belong to: what it does starts nothing by itself');

/** The schema of the option `api.url`. */
export const apiUrl = httpUrl.optional().describe("API base; derived from the source's url when absent");

/** An API that takes a token. */
export const tokenApi = z.strictObject({ url: apiUrl, token: secretOf(apiToken).optional(), account });

/** The schema of a header's name. */
export const headerName = z.string().regex(/^[A-Za-z0-9-]+$/, 'is not a header name');

/** What a source has whose deliveries may have no id. */
export const repeatSettings = {
  repeatedBody: duration
    .optional()
    .describe('how long the same body is the same delivery, where it has no id; default: each request is a new one'),
};

/** What a source has whose sender is unknown, and so how much it sends. */
export const sizeSettings = {
  maxBodyBytes: z
    .int()
    .min(1_024)
    .max(25 * 1024 * 1024)
    .optional()
    .describe('a larger body is refused with 413; default: 1 MB'),
};

/** Where deliveries of a service that is known by its scheme alone have their id and their type. */
export const namingSettings = {
  keyHeader: headerName.optional().describe('holds the id of the delivery'),
  keyField: z
    .string()
    .regex(/^[^.\s]{1,100}(?:\.[^.\s]{1,100}){0,9}$/, 'must read like "id" or "data.id"')
    .optional()
    .describe("the body's field that holds the id of the delivery"),
  ...repeatSettings,
  ...sizeSettings,
  typeHeader: headerName.optional().describe('holds the type of the event; default: the body\'s field "type"'),
};

/** Returns what sources have whose deliveries carry a signed time. `rule` says what their webhook secrets have to be. */
export const timedSettings = (rule: SecretRule) => ({
  ...webhookSettings(rule),
  toleranceSeconds: z.int().min(1).max(3_600).default(300).describe('how far the timestamp may be off, either way'),
});
