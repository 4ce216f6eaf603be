import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { BlobStorage } from '../../../src/storage/blob-storage.js';
import { openBucket } from '../../../src/storage/s3/bucket.js';
import { abandonUploads } from '../../../src/storage/s3/objects.js';
import { openS3Storage, type S3StorageOptions } from '../../../src/storage/s3/s3-storage.js';
import type { S3Settings } from '../../../src/storage/s3/settings.js';
import { StorageError } from '../../../src/storage/s3/storage-error.js';
import { type Between, startBetween } from '../../support/between.js';
import { closers } from '../../support/harness/closers.js';
import { ACCESS_KEY_ID, type S3Server, SECRET_ACCESS_KEY, startS3Server } from '../../support/s3-server.js';
import { tempFolder } from '../../support/temp-folder.js';
import { keepsBlobs, put, read, sha256 } from '../keeps-blobs.js';

const { signal } = new AbortController();
const open = closers();
let server: S3Server;
let between: Between;
let folder: string;
let prefix: string;
let storage: BlobStorage;
let count = 0;

beforeAll(async () => {
  server = open.add(await startS3Server());
}, 400_000);
afterAll(() => open.close());

beforeEach(async () => {
  between = await startBetween(server.url);
  folder = await tempFolder('on-its-way');
  prefix = `test-${++count}`;
  storage = opened();
});
afterEach(() => between.close());

function opened(how: Partial<S3StorageOptions> = {}, settings: Partial<S3Settings> = {}): BlobStorage {
  return openS3Storage({
    bucket: openBucket(server.settings({ endpoint: between.url, prefix, ...settings })),
    ...{ what: 'caches', notesUse: true, installation: async () => 'here', folder, maxBytes: 1e9 },
    ...how,
  });
}

const keyOf = (hash: string) => `${prefix}/here/caches/blobs/${hash}`;
const partsSeen = () => between.seen.filter((request) => request.includes('partNumber=')).length;
/** What a service says that refuses something. */
const says = (code: string) => `<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`;

keepsBlobs(() => ({
  storage,
  again: () => opened(),
  damage: async (hash) => void (await server.s3.putObject({ ...server.bucket, Key: keyOf(hash), Body: 'spoilt' })),
  age: (hash, at) => server.age(keyOf(hash), at),
}));

test('a large file goes in parts, of which few are in memory at once, and comes back as it was', async () => {
  const content = randomBytes(20 * 1024 * 1024 + 17);
  const { hash, bytes } = await put(storage, content);
  expect(bytes).toBe(content.length);
  expect(partsSeen()).toBe(3);
  const isSame = await storage.use(hash, { use: async (file) => content.equals(await readFile(file)), signal });
  expect(isSame).toBe(true);
  expect(await readdir(folder)).toEqual([]);
  expect(await server.uploads()).toBe(0);
});

test('an upload that is stopped half-way is stopped at once, and leaves nothing in the bucket', async () => {
  const stop = new AbortController();
  between.meddle = (request) => {
    if (!request.includes('partNumber=3')) return undefined;
    setTimeout(() => stop.abort(new Error('enough')), 50);
    return 'hang';
  };
  await expect(put(storage, randomBytes(40 * 1024 * 1024), stop.signal)).rejects.toThrow('enough');
  expect(between.seen.at(-1)).toMatch(/^DELETE .*uploadId=/);
  expect(await server.uploads()).toBe(0);
  expect(await storage.list()).toEqual([]);
});

test('an upload of which a part fails for good ends after some tries, and leaves nothing in the bucket', async () => {
  between.meddle = (request) =>
    request.includes('partNumber=2') ? { status: 500, body: says('InternalError') } : undefined;
  await expect(put(storage, randomBytes(20 * 1024 * 1024))).rejects.toThrow('the service has failed');
  expect(between.seen.filter((request) => request.includes('partNumber=2'))).toHaveLength(4);
  expect(await server.uploads()).toBe(0);
  expect(await storage.list()).toEqual([]);
});

test('an upload of a process that was killed is taken back once it is old', async () => {
  const begun = await server.s3.createMultipartUpload({ ...server.bucket, Key: `${prefix}/here/caches/blobs/half` });
  await storage.tidy();
  const uploads = async () =>
    ((await server.s3.listMultipartUploads(server.bucket)).Uploads ?? []).map((u) => u.UploadId);
  expect(await uploads()).toContain(begun.UploadId);
  const bucket = openBucket(server.settings());
  await abandonUploads(bucket, { prefix: 'another/', before: Date.now() + 60_000 });
  expect(await uploads()).toContain(begun.UploadId);
  await abandonUploads(bucket, { prefix: `${prefix}/here/`, before: Date.now() + 60_000 });
  expect(await uploads()).not.toContain(begun.UploadId);
});

test('a service that keeps no list of uploads is no hindrance', async () => {
  between.meddle = (request) =>
    request.includes('uploads') ? { status: 501, body: says('NotImplemented') } : undefined;
  await storage.tidy();
  expect(between.seen.some((request) => request.includes('uploads'))).toBe(true);
});

test('what fails for a moment is tried again: an answer of "busy", and a download that was cut', async () => {
  let busy = 2;
  between.meddle = (request) =>
    request.startsWith('PUT') && busy-- > 0 ? { status: 503, body: says('SlowDown') } : undefined;
  const content = randomBytes(200_000).toString('hex');
  const { hash } = await put(storage, content);
  let cuts = 2;
  between.meddle = (request) => (request.startsWith('GET') && cuts-- > 0 ? { cutAfter: 1_000 } : undefined);
  expect(await read(storage, hash)).toBe(content);
  expect(cuts).toBe(-1);
});

test('a download that is cut again and again ends, is no damage, and leaves no file', async () => {
  const { hash } = await put(storage, randomBytes(100_000).toString('hex'));
  between.meddle = (request) => (request.startsWith('GET') ? { cutAfter: 1_000 } : undefined);
  await expect(read(storage, hash)).rejects.toThrow(StorageError);
  expect(between.seen.filter((request) => request.startsWith('GET'))).toHaveLength(3);
  expect(await readdir(folder)).toEqual([]);
  between.meddle = () => undefined;
  expect(await read(storage, hash)).toHaveLength(200_000);
});

test('who waits for a download that stands still can stop it', async () => {
  const { hash } = await put(storage, randomBytes(100_000).toString('hex'));
  const stop = new AbortController();
  between.meddle = (request) => {
    if (!request.startsWith('GET')) return undefined;
    setTimeout(() => stop.abort(new Error('enough')), 50);
    return { holdAfter: 1_000 };
  };
  await expect(storage.use(hash, { use: async () => true, signal: stop.signal })).rejects.toThrow('enough');
  expect(await readdir(folder)).toEqual([]);
});

test('what can not be written to the disk of this machine is no fault of the bucket, and is not tried again', async () => {
  const { hash } = await put(storage, 'hello');
  await writeFile(join(folder, 'a-file'), '');
  const nowhere = opened({ folder: join(folder, 'a-file') });
  await expect(read(nowhere, hash)).rejects.toMatchObject({ code: 'ENOTDIR' });
  expect(await read(storage, hash)).toBe('hello');
});

test('a blob that is larger than it may be is not fetched whole, and stays: its size alone says nothing', async () => {
  const { hash, bytes } = await put(storage, 'hello, hello, hello');
  const bounded = opened({ maxBytes: 10 });
  await expect(read(bounded, hash)).rejects.toThrow(/is damaged$/);
  const use = (file: string) => readFile(file, 'utf8');
  await expect(storage.use(hash, { use, bytes: 10, signal })).rejects.toThrow(/is damaged$/);
  expect(await storage.list()).toMatchObject([{ hash }]);
  expect(await bounded.use(hash, { use, bytes, signal })).toBe('hello, hello, hello');
});

test('a blob that came over changed once is fetched again, and nothing is removed', async () => {
  const { hash } = await put(storage, 'hello');
  let pages = 1;
  between.meddle = (request) =>
    request.startsWith('GET') && pages-- > 0 ? { status: 200, body: 'please sign in' } : undefined;
  expect(await read(storage, hash)).toBe('hello');
  expect(between.seen.filter((request) => request.startsWith('DELETE'))).toEqual([]);
  expect(await storage.list()).toMatchObject([{ hash }]);
});

test('an artifact that can not be read is told of each time, and stays: nobody makes it anew', async () => {
  const artifacts = opened({ what: 'artifacts', notesUse: false });
  const { hash } = await put(artifacts, 'hello');
  await server.s3.putObject({ ...server.bucket, Key: keyOf(hash).replace('caches', 'artifacts'), Body: 'spoilt' });
  await expect(read(artifacts, hash)).rejects.toThrow(/is damaged$/);
  expect(await artifacts.list()).toMatchObject([{ hash }]);
});

test('what says when a blob was used goes once the blob is not there, and no other', async () => {
  const [one, two] = [await put(storage, 'one'), await put(storage, 'two')];
  const used = (hash: string) => keyOf(hash).replace('/blobs/', '/used/');
  for (const { hash } of [one, two]) {
    await read(storage, hash);
    await server.age(used(hash), 1_000_000_000_000);
  }
  await server.s3.deleteObject({ ...server.bucket, Key: keyOf(one.hash) });
  await storage.tidy();
  const left = (await server.keys()).filter((key) => key.startsWith(`${prefix}/`));
  expect(left).toEqual([keyOf(two.hash), used(two.hash)].sort());
});

test('where one sort of tidying fails, the others are done, and it is told', async () => {
  const { hash } = await put(storage, 'one');
  await read(storage, hash);
  const used = keyOf(hash).replace('/blobs/', '/used/');
  await server.age(used, 1_000_000_000_000);
  await server.s3.deleteObject({ ...server.bucket, Key: keyOf(hash) });
  between.meddle = (request) => (request.includes('uploads') ? { status: 404, body: says('NoSuchBucket') } : undefined);
  await expect(storage.tidy()).rejects.toThrow('no such bucket');
  expect(await server.keys()).not.toContain(used);
});

test('more blobs than a page holds are all listed', async () => {
  const fresh = open.add(await startS3Server());
  const blobs = join(fresh.folder, prefix, 'here/caches/blobs');
  await mkdir(blobs, { recursive: true });
  const hashes = Array.from({ length: 1_100 }, (_, i) => sha256(String(i)));
  for (const name of [...hashes, 'no-hash']) await writeFile(join(blobs, name), 'x');
  const bucket = openBucket(fresh.settings({ prefix }));
  expect((await opened({ bucket }).list()).map(({ hash }) => hash).sort()).toEqual(hashes.sort());
});

test.each([
  ['the same page again and again', '<NextContinuationToken>a</NextContinuationToken>'],
  ['that there is more, and not where', ''],
])('a service that says %s does not hold it up, and its list is not taken for whole', async (_, token) => {
  const page = `<ListBucketResult><IsTruncated>true</IsTruncated>${token}</ListBucketResult>`;
  between.meddle = () => ({ status: 200, body: page });
  await expect(storage.list()).rejects.toThrow('it does not say where');
});

test('workers of several machines share what one has put in, and agree on its place', async () => {
  const other = opened({ folder: await tempFolder('another-machine') });
  const [one, two] = await Promise.all([put(storage, 'the same'), put(other, 'the same')]);
  expect(one).toEqual(two);
  expect(await other.list()).toMatchObject([{ hash: one.hash }]);
  expect(await read(other, one.hash)).toBe('the same');
  expect(await other.place()).toBe(await storage.place());
});

test('another installation with the same bucket sees nothing of it, and neither do caches of artifacts', async () => {
  const { hash } = await put(storage, 'hello');
  for (const other of [opened({ installation: async () => 'there' }), opened({ what: 'artifacts' })]) {
    expect(await other.list()).toEqual([]);
    expect(await read(other, hash)).toBeUndefined();
    expect(await other.place()).not.toBe(await storage.place());
  }
  expect(await storage.list()).toMatchObject([{ hash }]);
});

test('nothing is left of a blob that was used and removed, nor of one that was not there', async () => {
  const { hash } = await put(storage, 'hello');
  await read(storage, hash);
  await read(storage, sha256('nothing'));
  expect((await server.keys()).filter((key) => key.startsWith(`${prefix}/`))).toHaveLength(2);
  await storage.remove(hash);
  expect((await server.keys()).filter((key) => key.startsWith(`${prefix}/`))).toEqual([]);
});

test('where nobody asks when a blob was used, nothing is written at its use', async () => {
  const artifacts = opened({ what: 'artifacts', notesUse: false });
  const { hash } = await put(artifacts, 'hello');
  const before = between.seen.length;
  expect(await read(artifacts, hash)).toBe('hello');
  expect(between.seen.slice(before)).toEqual([expect.stringMatching(/^GET /)]);
});

test('without keys in the configuration, those of the environment are taken, as AWS has them', async () => {
  const env = { AWS_ACCESS_KEY_ID: ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY: SECRET_ACCESS_KEY };
  const before = Object.keys(env).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, env);
  try {
    const without = opened({}, { accessKeyId: undefined, secretAccessKey: undefined });
    expect((await put(without, 'hello')).hash).toBe(sha256('hello'));
  } finally {
    for (const [name, value] of before)
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
  }
});
