import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { S3 } from '@aws-sdk/client-s3';
import { Secret } from '../../src/secrets/secret.js';
import type { S3Settings } from '../../src/storage/s3/settings.js';
import { s3Program } from './s3-program.js';
import { tempFolder } from './temp-folder.js';

export const ACCESS_KEY_ID = 'AKIAHOOKYARDTESTS';
export const SECRET_ACCESS_KEY = 'canary/of+the/secret+access+key/0123456789';
const BUCKET = 'hookyard-tests';
const START_MS = 60_000;

/** A real server that speaks S3, with one bucket. */
export interface S3Server {
  readonly url: string;
  /** The folder that its bucket is. */
  readonly folder: string;
  /** Asks it as others would. */
  readonly s3: S3;
  readonly bucket: { readonly Bucket: string };
  /** Returns settings for it. */
  settings(other?: Partial<S3Settings>): S3Settings;
  /** Has it that an object was written at a time, in Unix ms. */
  age(key: string, at: number): Promise<void>;
  /** Returns the names of all objects. */
  keys(): Promise<readonly string[]>;
  /** Returns how many uploads were begun and neither completed nor taken back. */
  uploads(): Promise<number>;
  close(): Promise<void>;
}

/** Starts it; it listens on 127.0.0.1 alone, and wants requests signed. */
export async function startS3Server(): Promise<S3Server> {
  const program = await s3Program();
  const root = await tempFolder('s3');
  const folder = join(root, BUCKET);
  await mkdir(folder);
  const args = ['serve', 's3', '--addr', '127.0.0.1:0', '--config', '', root];
  const env = { HOME: root, RCLONE_AUTH_KEY: `"${ACCESS_KEY_ID},${SECRET_ACCESS_KEY}"` };
  const server = spawn(program, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const kill = () => void server.kill('SIGKILL');
  // Should the run be ended from outside, nobody else would end it.
  process.once('exit', kill);
  let said = '';
  server.stderr.on('data', (chunk: Buffer) => {
    said = `${said}${chunk}`.slice(-4_000);
  });
  const close = async () => {
    process.off('exit', kill);
    if (server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    kill();
    await ended;
  };
  const url = await addressOf(() => said, server).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  const credentials = { accessKeyId: ACCESS_KEY_ID, secretAccessKey: SECRET_ACCESS_KEY };
  const s3 = new S3({ endpoint: url, region: 'us-east-1', forcePathStyle: true, credentials });
  const bucket = { Bucket: BUCKET };
  return {
    ...{ url, folder, s3, bucket, close },
    settings: (other = {}) => ({
      ...{ endpoint: url, region: 'us-east-1', bucket: BUCKET, prefix: 'hookyard' },
      ...{ accessKeyId: new Secret(ACCESS_KEY_ID), secretAccessKey: new Secret(SECRET_ACCESS_KEY) },
      ...other,
    }),
    async age(key, at) {
      const itself = { ...bucket, Key: key, CopySource: `${BUCKET}/${key}` };
      await s3.copyObject({ ...itself, MetadataDirective: 'REPLACE', Metadata: { mtime: String(at / 1000) } });
    },
    async keys() {
      const found = await readdir(folder, { recursive: true, withFileTypes: true });
      return found
        .filter((one) => one.isFile())
        .map((one) => join(one.parentPath, one.name).slice(folder.length + 1))
        .sort();
    },
    uploads: async () => (await s3.listMultipartUploads(bucket)).Uploads?.length ?? 0,
  };
}

async function addressOf(said: () => string, server: { readonly exitCode: number | null }): Promise<string> {
  for (const until = Date.now() + START_MS; ; ) {
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(said())?.[0];
    if (url !== undefined) return url;
    if (server.exitCode !== null || Date.now() > until) throw new Error(`the S3 server did not start: ${said()}`);
    await wait(20);
  }
}
