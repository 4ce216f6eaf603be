import { z } from 'zod';
import { httpUrl } from '../providers/settings.js';
import { secretOf } from '../secrets/reference.js';
import { accessKeyId, bearerToken } from '../secrets/secret-kinds.js';

/** A bucket of a service that speaks S3, for what jobs keep. */
const s3 = z
  .strictObject({
    endpoint: httpUrl.optional().describe('address of a service other than AWS: https://s3.example.com'),
    region: z.string().min(1).max(100).default('us-east-1').describe('of the bucket'),
    bucket: z
      .string()
      .regex(
        /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
        'must be the name of a bucket: 3 to 63 lower-case letters, digits, . and -',
      ),
    prefix: z
      .string()
      .regex(/^(?:[\w.-]+(?:\/[\w.-]+)*)?$/, 'must be names of letters, digits, ., _ and -, with / between them')
      .max(200)
      .default('hookyard')
      .describe('what the names of all objects begin with'),
    accessKeyId: secretOf(accessKeyId).optional(),
    secretAccessKey: secretOf(bearerToken).optional(),
    sessionToken: secretOf(bearerToken).optional().describe('of credentials that count for some time'),
    forcePathStyle: z
      .boolean()
      .optional()
      .describe("whether the bucket's name is in the path and not in the host; default: where there is an endpoint"),
  })
  .refine(
    ({ accessKeyId, secretAccessKey }) => (accessKeyId === undefined) === (secretAccessKey === undefined),
    'needs both accessKeyId and secretAccessKey, or neither: then it takes what AWS gives the machine',
  )
  .refine(
    ({ accessKeyId, sessionToken }) => sessionToken === undefined || accessKeyId !== undefined,
    'needs accessKeyId and secretAccessKey beside sessionToken: alone it is not used',
  );

/** Where what jobs cache, and what they keep beside their runs, lies. */
export const storage = z
  .strictObject({
    s3: s3.optional().describe('a bucket that all workers share; default: the data folder of each machine'),
  })
  .prefault({});

/** How much jobs may cache. */
export const cache = z
  .strictObject({
    megabytes: z.number().min(0).default(10_000).describe('of all entries together, packed; 0: jobs cache nothing'),
    entryMegabytes: z.number().positive().default(2_000).describe('of one entry, before it is packed'),
    days: z.number().positive().default(14).describe('how long an entry is kept that no job uses'),
  })
  .prefault({});

/** How much jobs may keep beside their runs. */
export const artifacts = z
  .strictObject({
    megabytes: z.number().min(0).default(20_000).describe('of all together: what has no room beside those is not kept'),
    runMegabytes: z.number().positive().default(1_000).describe('of one run'),
    perRun: z.int().min(1).max(500).default(50).describe('how many one run may keep'),
    days: z.number().positive().default(14).describe('how long one is kept that does not say for how long'),
  })
  .prefault({});
