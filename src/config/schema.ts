import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { sourceSchema } from '../providers/index.js';
import { gitAddress, httpUrl } from '../providers/settings.js';
import { buildSchema } from '../remote-ci/settings.js';
import { secretOf } from '../secrets/reference.js';
import { anyLine, anyText, apiToken, headerText, ownSecret, secretAddress } from '../secrets/secret-kinds.js';
import { signingSecret } from '../secrets/standard-secret.js';
import { checkIdTokens, idTokens } from './id-tokens.js';
import { publicUrl } from './public-url.js';
import { checkSignIn, signIn } from './sign-in.js';
import { storage } from './storage.js';
import { trustedProxies } from './trusted-proxies.js';

/** What `hookyard.config.ts` may hold. Every option is described in the README's table. */

const name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,49}$/, 'a name is 1 to 50 lower-case letters, digits and -');
const named = <T extends z.ZodType>(value: T) => z.record(name, value).default({});

const webAddress = secretAddress(/^https?:$/, 'an http or https URL');
const mailAddress = secretAddress(/^smtps?:$/, 'an smtp:// or smtps:// URL');

const slackChannel = z.strictObject({ url: secretOf(webAddress).describe('incoming-webhook URL') });
const emailChannel = z.strictObject({
  server: secretOf(mailAddress).describe('smtp:// or smtps:// URL with user and password'),
  from: z.string().min(1),
  to: z.array(z.string().min(1)).min(1),
});
const smsChannel = z.strictObject({
  accountSid: z.string().min(1),
  authToken: secretOf(apiToken),
  from: z.string().min(1),
  to: z.array(z.string().min(1)).min(1),
  apiUrl: httpUrl.default('https://api.twilio.com'),
});

const endpoint = z.strictObject({
  url: httpUrl,
  secrets: z
    .array(secretOf(signingSecret))
    .min(1)
    .describe('Standard Webhooks secrets (whsec_…); several while one rotates'),
  headers: z
    .record(z.string(), z.union([z.string(), secretOf(headerText)]))
    .default({})
    .describe("sent with each message; credentials by reference: env('NAME')"),
  allowPrivate: z.boolean().default(false).describe('lets the URL lead to a private or local address'),
});

const mirrorTarget = z.strictObject({
  url: gitAddress.describe('git remote that refs are pushed to'),
  username: z.string().default('x-access-token'),
  token: secretOf(anyLine).optional(),
});

/** A secret that jobs may ask for: those of any automation, or of some. */
const jobSecret = z.union(
  [
    secretOf(anyText),
    z.strictObject({
      from: secretOf(anyText),
      automations: z.array(z.string().min(1).max(200)).min(1).max(500).describe('globs of those that get it'),
    }),
  ],
  {
    error:
      "a secret is named, not written: env('NAME'), file('/path'), generated('name') or command(['program']); or { from: env('NAME'), automations: ['publish', 'deploy-*'] }, for some automations",
  },
);

const containers = z
  .strictObject({
    engine: z.string().min(1).optional().describe('docker, podman or a path of one; default: the first that answers'),
    image: z.string().min(1).optional().describe("of jobs whose runner is 'container'"),
    registry: name.optional().describe('whose credentials that image is pulled with'),
    registries: named(
      z.strictObject({
        server: z
          .string()
          .regex(
            /^[A-Za-z0-9][A-Za-z0-9.-]*(?::\d{1,5})?$/,
            'must be a host, such as ghcr.io or registry.example.com:5000',
          ),
        username: z.string().min(1),
        password: secretOf(anyLine),
      }),
    ).describe('credentials that jobs name for their images'),
    pull: z.enum(['missing', 'always']).default('missing').describe('when images are pulled'),
    network: z.string().min(1).optional().describe("the engine's network of steps that may have one; default: its own"),
    processes: z.int().min(16).default(4_096).describe('of one step at once, threads counted'),
    megabytes: z.int().min(64).optional().describe("memory of one step; default: half of the machine's"),
  })
  .refine(({ registry, registries }) => registry === undefined || Object.hasOwn(registries, registry), {
    path: ['registry'],
    message: 'is not one of jobs.container.registries',
  })
  .prefault({});

/** The schema of `hookyard.config.ts`. */
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
  jobs: z
    .strictObject({
      slots: z.int().min(1).default(availableParallelism()).describe('jobs at once per worker'),
      workspaces: z.string().min(1).optional().describe('folder of the checkouts, in no project'),
      keep: z
        .strictObject({
          perRepository: z.int().min(0).default(availableParallelism()).describe('checkouts kept for the next jobs'),
          megabytes: z.number().min(0).default(10_000).describe('of all repositories together, on a worker'),
          days: z.number().positive().default(7).describe('how long one is kept that no job uses'),
        })
        .prefault({}),
      niceness: z.int().min(0).max(19).default(10).describe('priority of jobs: 0 that of the worker, 19 the lowest'),
      keepFailedDays: z
        .number()
        .min(0)
        .default(1)
        .describe(
          'how long the workspaces of jobs that failed are kept, for hookyard rerun --from-failed and hookyard shell; 0: not at all',
        ),
      runner: z
        .enum(['host', 'sandbox', 'container', 'auto'])
        .default('host')
        .describe(
          "where code runs whose job does not say; a stranger's runs in the sandbox instead of on the host. auto: own code in the sandbox, with network, where one with network can be made, else on the host",
        ),
      network: z
        .enum(['none', 'own', 'all'])
        .optional()
        .describe(
          "whose steps have network in sandboxes and containers: 'own' is the repository's own code; default: none, but by runner: 'auto' own code whose job names no runner",
        ),
      sandbox: z
        .strictObject({
          readable: z
            .array(z.string().startsWith('/', 'must be absolute paths'))
            .default([])
            .describe('more folders and files of the worker that steps can read, such as /opt/tools'),
          processes: z.int().min(16).default(4_096).describe('of one step at once, threads counted'),
          processMegabytes: z
            .int()
            .min(256)
            .optional()
            .describe("memory of one process; default: half of the machine's"),
          reachable: z
            .array(z.union([z.ipv4(), z.cidrv4()]))
            .default([])
            .describe('private addresses and ranges that steps with network reach, such as 10.1.2.3 or 10.1.0.0/16'),
        })
        .prefault({}),
      container: containers,
    })
    .prefault({}),
  storage,
  cache: z
    .strictObject({
      megabytes: z.number().min(0).default(10_000).describe('of all entries together, packed; 0: jobs cache nothing'),
      entryMegabytes: z.number().positive().default(2_000).describe('of one entry, before it is packed'),
      days: z.number().positive().default(14).describe('how long an entry is kept that no job uses'),
    })
    .prefault({}),
  artifacts: z
    .strictObject({
      megabytes: z
        .number()
        .min(0)
        .default(20_000)
        .describe('of all together: what has no room beside those is not kept'),
      runMegabytes: z.number().positive().default(1_000).describe('of one run'),
      perRun: z.int().min(1).max(500).default(50).describe('how many one run may keep'),
      days: z.number().positive().default(14).describe('how long one is kept that does not say for how long'),
    })
    .prefault({}),
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
  channels: z
    .strictObject({ slack: named(slackChannel), email: named(emailChannel), sms: named(smsChannel) })
    .partial()
    .default({}),
  endpoints: named(endpoint),
  builds: named(buildSchema),
  mirrors: named(mirrorTarget),
});

/** What `defineConfig` takes. */
export type ConfigInput = z.input<typeof configSchema>;

/** The configuration with its defaults, its secrets not yet looked up. */
export type ConfigFile = z.output<typeof configSchema>;
