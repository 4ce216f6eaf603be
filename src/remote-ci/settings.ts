import { z } from 'zod';
import { azureUrl, httpUrl } from '../providers/settings.js';
import { secretOf } from '../secrets/reference.js';
import type { Resolved } from '../secrets/resolved.js';
import { apiToken, bearerToken } from '../secrets/secret-kinds.js';

/** What `builds.<name>` of the configuration may hold: by its `kind`, the settings of a CI service. */

/** The schema of a parameter's name. */
const parameterName = z
  .string()
  .regex(/^[A-Za-z_][\w.-]{0,99}$/, 'is no name of a parameter: letters, digits, _, - and ., not a digit first');

const url = (standard: string) => httpUrl.default(standard).describe('web address of the service');
const token = secretOf(apiToken).describe('of an account that may trigger, read and cancel builds there');
const allowPrivate = z.boolean().default(false).describe('lets the URL lead to a private or local address');
const callback = parameterName
  .optional()
  .describe('name of a parameter that gets a one-time URL, to which the build may POST { "status": "passed" }');
const correlation = (standard: string) =>
  parameterName.default(standard).describe("name of the parameter that carries Hookyard's id of the build");

const declared = parameterName.describe(
  "name of the parameter that carries Hookyard's id of the build; the pipeline must declare it, of the type string",
);
const aboutRef = 'name of a parameter that gets the branch or tag, refs/heads/main for example';
const aboutCommit = 'name of a parameter that gets the commit';
/** What builds may be told, each in a parameter of its own. */
const told = {
  callback,
  ref: parameterName.optional().describe(aboutRef),
  commit: parameterName.optional().describe(aboutCommit),
};
/** The same where builds take parameters that nobody has declared. */
const always = {
  callback,
  ref: parameterName.default('HOOKYARD_REF').describe(aboutRef),
  commit: parameterName.default('HOOKYARD_COMMIT').describe(aboutCommit),
};
/** What builds are told by the names of parameters. */
type Names = Readonly<Partial<Record<'correlation' | keyof typeof told, string | undefined>>>;

/** Of two that share a name, one would be lost. */
const namesDiffer = ({ correlation, callback, ref, commit }: Names) => {
  const names = [correlation, callback, ref, commit].filter((name) => name !== undefined);
  return new Set(names).size === names.length;
};
const DIFFER = { error: 'correlation, callback, ref and commit must be the names of four parameters, each another' };
const slug = z.string().regex(/^[\w.-]{1,200}$/, 'must be the name as the address shows it');

/** The settings of each kind, which the table of `index.ts` has an entry for. */
export const ciSettings = {
  http: z
    .strictObject({
      kind: z.literal('http').default('http'),
      url: httpUrl.describe('POSTed to; answers with { id?, statusUrl?, cancelUrl?, url? }'),
      cancelUrl: httpUrl
        .optional()
        .describe(
          'POSTed to with { run, idempotencyKey } to cancel a build whose answer named no cancelUrl, or was lost',
        ),
      token: secretOf(bearerToken).optional().describe('sent as a bearer token'),
      allowPrivate: z.boolean().default(false),
    })
    .refine(({ url, cancelUrl = url }) => new URL(url).origin === new URL(cancelUrl).origin, {
      path: ['cancelUrl'],
      error: 'must be at the host of url, since it gets the same token',
    }),
  gitlab: z
    .strictObject({
      ...{ kind: z.literal('gitlab'), url: url('https://gitlab.com'), token, allowPrivate, ...always },
      project: z.string().min(1).max(500).describe('path with its groups, or id'),
      correlation: correlation('HOOKYARD_BUILD'),
    })
    .refine(namesDiffer, DIFFER),
  jenkins: z
    .strictObject({
      ...{ kind: z.literal('jenkins'), url: httpUrl, token, allowPrivate, ...told },
      user: z.string().min(1).max(200).describe('whose token it is'),
      job: z.string().min(1).max(500).describe('with its folders: team/shop/main'),
      correlation: correlation('HOOKYARD_BUILD'),
    })
    .refine(namesDiffer, DIFFER),
  buildkite: z
    .strictObject({
      ...{ kind: z.literal('buildkite'), url: url('https://api.buildkite.com'), token, allowPrivate, ...told },
      organization: slug,
      pipeline: slug,
      correlation: correlation('hookyard-build').describe(
        "key of the build's meta-data that holds Hookyard's id of it",
      ),
    })
    .refine(namesDiffer, DIFFER),
  circleci: z
    .strictObject({
      ...{ kind: z.literal('circleci'), url: url('https://circleci.com'), token, allowPrivate, ...told },
      project: z
        .string()
        .regex(/^[\w-]+\/[^/\s]+\/[^/\s]+$/, 'must read like "gh/acme/shop", as the project\'s settings show it'),
      definition: z.uuid().optional().describe("id of the pipeline's definition, for projects of the GitHub App"),
      correlation: declared,
    })
    .refine(namesDiffer, DIFFER),
  'azure-pipelines': z
    .strictObject({
      ...{ kind: z.literal('azure-pipelines'), token, allowPrivate, ...told },
      url: azureUrl.describe('of the organisation: https://dev.azure.com/acme'),
      project: z.string().min(1).max(200),
      pipeline: z.int().positive().describe('its id: definitionId in the address of its page'),
      correlation: declared,
    })
    .refine(namesDiffer, DIFFER),
  woodpecker: z
    .strictObject({
      ...{ kind: z.literal('woodpecker'), url: httpUrl, token, allowPrivate, ...always },
      repository: z.int().positive().describe('its id, which its address shows'),
      correlation: correlation('HOOKYARD_BUILD'),
    })
    .refine(namesDiffer, DIFFER),
  'github-actions': z
    .strictObject({
      kind: z.literal('github-actions'),
      source: z
        .string()
        .min(1)
        .max(100)
        .default('github')
        .describe('name under sources, whose API credentials are used'),
      repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/, 'must read like "acme/shop"'),
      workflow: z
        .string()
        .min(1)
        .max(200)
        .describe('its file name, build.yml for example: it must run on workflow_dispatch'),
      ...told,
      correlation: parameterName.describe(
        "name of the input that carries Hookyard's id of the build; the workflow must declare it, and have it in its run-name",
      ),
    })
    .refine(namesDiffer, DIFFER),
};

/** The kinds of CI services. */
export type CiKind = keyof typeof ciSettings;

/** The settings of a kind, its secrets looked up. */
export type CiSettings<K extends CiKind> = Resolved<z.output<(typeof ciSettings)[K]>>;

/** The schema of `builds.<name>`. One without a `kind` is a service that takes any HTTP request. */
export const buildSchema = z.discriminatedUnion('kind', [
  ciSettings.http,
  ciSettings.gitlab,
  ciSettings.jenkins,
  ciSettings.buildkite,
  ciSettings.circleci,
  ciSettings['azure-pipelines'],
  ciSettings.woodpecker,
  ciSettings['github-actions'],
]);
