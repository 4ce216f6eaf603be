import { z } from 'zod';
import { sourceSchema } from '../providers/index.js';
import { httpUrl } from '../providers/settings.js';
import { buildSchema } from '../remote-ci/settings.js';
import { secretOf } from '../secrets/reference.js';
import { ownSecret } from '../secrets/secret-kinds.js';
import { channels } from './channels.js';
import { endpoint, mirrorTarget } from './endpoints-and-mirrors.js';
import { checkIdTokens, idTokens } from './id-tokens.js';
import { jobSecret, jobs } from './jobs.js';
import { name, named } from './named.js';
import { publicUrl } from './public-url.js';
import { checkSignIn, signIn } from './sign-in.js';
import { artifacts, cache, storage } from './storage.js';
import { trustedProxies } from './trusted-proxies.js';

/** The schema of `hookyard.config.ts`. Every option is described in the README's table. */
export const configSchema = z.strictObject({
  data: z.string().default('.hookyard').describe('inbox, logs, mirrors, generated secrets'),
  automations: z.string().default('automations').describe('folder of workflow modules'),
  activities: z.string().optional().describe("module whose exported functions are the workflows' own activities"),
  server: z
    .strictObject({
      host: z.string().default('127.0.0.1'),
      port: z.int().min(0).max(65_535).default(3000),
      publicUrl: publicUrl.optional().describe('how others reach the receiver: for callback URLs'),
      trustedProxies: trustedProxies.describe('proxies whose X-Forwarded-For tells whom a request comes from'),
      apiToken: secretOf(ownSecret).prefault({ env: 'HOOKYARD_API_TOKEN', otherwise: { generated: 'api-token' } }),
      callbackKey: secretOf(ownSecret).prefault({
        env: 'HOOKYARD_CALLBACK_KEY',
        otherwise: { generated: 'callback-key' },
      }),
      signIn,
      idTokens,
    })
    .superRefine(checkSignIn)
    .superRefine(checkIdTokens)
    .prefault({}),
  temporal: z
    .strictObject({
      taskQueue: z.string().min(1).default('hookyard'),
      uiUrl: httpUrl.optional().describe("the Temporal UI's address, for links"),
    })
    .prefault({}),
  metrics: z
    .strictObject({
      enabled: z.boolean().default(true),
      host: z.string().default('127.0.0.1'),
      port: z.int().min(0).max(65_535).default(9464).describe('of GET /metrics, in the format of Prometheus'),
    })
    .prefault({}),
  inbox: z
    .strictObject({
      keepDays: z.number().positive().default(45).describe('how long deliveries, and with them their keys, are kept'),
      keepLargeBodiesDays: z
        .number()
        .positive()
        .default(7)
        .describe('how long bodies of more than 1 MB are kept; the rest of their deliveries is kept for keepDays'),
      repeatedBodyHours: z
        .number()
        .min(0)
        .default(24)
        .describe('how long the same body under a new id counts as a repeat, where no two events have the same body'),
    })
    .prefault({}),
  records: z
    .strictObject({
      keepDays: z
        .record(
          z.string().refine((name) => !name.startsWith('hookyard.'), 'this collection is not one of synced records'),
          z.number().positive(),
        )
        .default({})
        .describe('how long synced records are kept after they were last written, by collection'),
    })
    .prefault({}),
  jobs,
  storage,
  cache,
  artifacts,
  sources: z
    .record(name, sourceSchema)
    .refine(
      (all) => !Object.keys(all).some((key) => ['manual', 'schedule'].includes(key)),
      '"manual" and "schedule" are the names of what Hookyard itself starts: give the source another',
    )
    .refine(
      (all) => !Object.keys(all).some((key) => key.startsWith('after-')),
      'names of sources that begin with "after-" would be taken for those of chained runs: give the source another',
    )
    .refine((all) => Object.keys(all).length > 0, 'needs at least one source'),
  secrets: named(jobSecret).describe('secrets that jobs may ask for by name'),
  channels,
  endpoints: named(endpoint),
  builds: named(buildSchema),
  mirrors: named(mirrorTarget),
});

/** What `defineConfig` takes. */
export type ConfigInput = z.input<typeof configSchema>;

/** The configuration with its defaults, its secrets not yet looked up. */
export type ConfigFile = z.output<typeof configSchema>;
