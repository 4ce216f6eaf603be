import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { withDeadline } from '../async/deadline.js';
import type { CliCache } from './cli-cache.js';

const DEADLINE_MS = 60_000;

/**
 * The SDK fetches the CLI only while it starts a server for tests: one is started for a moment, and the file that it
 * leaves is kept.
 */
export async function downloadBySdk(cache: CliCache): Promise<void> {
  await cache.withTemporary(async (folder) => {
    const starting = TestWorkflowEnvironment.createLocal({
      server: { executable: { type: 'cached-download', downloadDir: folder } },
    });
    const env = await withDeadline({ ms: DEADLINE_MS }, () => starting).catch((error: unknown) => {
      // Should it come up after all, nobody else would end it.
      starting.then((late) => late.teardown()).catch(() => undefined);
      throw error;
    });
    await env.teardown();
    const file = (await readdir(folder)).find((name) => name.startsWith('temporal'));
    if (!file) throw new Error('the SDK left no file');
    await cache.keep(join(folder, file));
  });
}
