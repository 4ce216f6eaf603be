import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { withDeadline } from '../async/deadline.js';
import type { CliCache } from './cli-cache.js';

const DEADLINE_MS = 60_000;

/**
 * Downloads the CLI into the cache. The SDK fetches it only to start a server for tests, so this starts one for a
 * moment and keeps the file.
 */
export async function downloadBySdk(cache: CliCache): Promise<void> {
  await cache.withTemporary(async (folder) => {
    const starting = TestWorkflowEnvironment.createLocal({
      server: { executable: { type: 'cached-download', downloadDir: folder } },
    });
    const env = await withDeadline({ ms: DEADLINE_MS }, () => starting).catch((error: unknown) => {
      // If it comes up after all, nobody else ends it.
      starting.then((late) => late.teardown()).catch(() => undefined);
      throw error;
    });
    await env.teardown();
    const file = (await readdir(folder)).find((name) => name.startsWith('temporal'));
    if (!file) throw new Error('the SDK left no file');
    await cache.keep(join(folder, file));
  });
}
