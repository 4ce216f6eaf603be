import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { secretOf } from '../secrets/reference.js';
import { anyText, password } from '../secrets/secret-kinds.js';
import { name, named } from './named.js';

/** A secret that jobs may ask for: those of any automation, or of some. */
export const jobSecret = z.union(
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

const container = z
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
        password: secretOf(password),
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

/** How jobs run, and what they are kept from. */
export const jobs = z
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
    niceness: z
      .int()
      .min(0)
      .max(19)
      .default(10)
      .describe('by how much jobs are nicer than the worker: 0 that they are not'),
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
        processMegabytes: z.int().min(256).optional().describe("memory of one process; default: half of the machine's"),
        reachable: z
          .array(z.union([z.ipv4(), z.cidrv4()]))
          .default([])
          .describe('private addresses and ranges that steps with network reach, such as 10.1.2.3 or 10.1.0.0/16'),
      })
      .prefault({}),
    container,
  })
  .prefault({});
