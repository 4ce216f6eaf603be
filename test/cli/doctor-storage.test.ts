import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Finding } from '../../src/server/api/findings/finding.js';
import { closers } from '../support/harness/closers.js';
import { openPlace, type Place } from '../support/harness/place.js';
import { ACCESS_KEY_ID, type S3Server, SECRET_ACCESS_KEY, startS3Server } from '../support/s3-server.js';

const open = closers();
let server: S3Server;
let place: Place;
beforeAll(async () => {
  server = open.add(await startS3Server());
  const keys = "accessKeyId: env('ID'), secretAccessKey: env('KEY')";
  const s3 = `{ endpoint: '${server.url}', bucket: process.env.BUCKET ?? '', ${keys} }`;
  place = await openPlace({ more: `storage: { s3: ${s3} }` });
}, 400_000);
afterAll(() => open.close());

/** Returns what `hookyard doctor` says about the storage. */
async function told(env: Readonly<Record<string, string>>): Promise<readonly Omit<Finding, 'about'>[]> {
  const { out, err } = await place.hookyard(['doctor', '--json'], {
    ...{ ID: ACCESS_KEY_ID, KEY: SECRET_ACCESS_KEY, BUCKET: server.bucket.Bucket },
    ...env,
  });
  for (const secret of [ACCESS_KEY_ID, SECRET_ACCESS_KEY]) expect(out + err).not.toContain(secret);
  const { findings } = JSON.parse(out) as { findings: Finding[] };
  return findings.filter(({ about }) => about === 'storage').map(({ about: _, ...said }) => said);
}

/** Jobs run on the host where nothing else is said. */
const READS = {
  level: 'warn',
  says: "own code runs as the worker's user here, and can read the credentials of the bucket",
  advice: expect.stringContaining('run jobs in a sandbox or container'),
};

test('doctor tries the bucket, and tells what the credentials may do there', async () => {
  const name = `the bucket ${server.bucket.Bucket} at ${server.url}`;
  expect(await told({})).toEqual([
    { level: 'ok', says: `${name}: the credentials may list, write, read, write in parts, remove` },
    READS,
  ]);
  expect(await server.keys()).toEqual([]);
});

test('doctor tells what is wrong with the bucket or its credentials, and what to do', async () => {
  expect(await told({ BUCKET: 'not-there' })).toEqual([
    {
      level: 'problem',
      says: `the bucket not-there at ${server.url}: there is no such bucket`,
      advice: 'create it, or correct storage.s3.bucket, storage.s3.region and storage.s3.endpoint',
    },
    READS,
  ]);
  expect(await told({ KEY: 'of-somebody-else' })).toMatchObject([
    { level: 'problem', says: expect.stringContaining('is not that of the access key') },
    READS,
  ]);
});
