import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../../src/paths.js';
import { temporalAddress, unique } from '../temporal.js';
import { makeRepository } from './repository.js';

export interface Site {
  readonly folder: string;
  readonly secret: string;
  readonly source: string;
  readonly env: Record<string, string>;
  /** GET of the API, as the command line asks it. */
  api<T>(url: string, path: string, method?: 'GET' | 'POST'): Promise<T>;
  /** What a job has written. */
  logs(url: string, of: { run: string; job: string }): Promise<string[]>;
  /** Makes the repository `acme/app` with one commit, and answers its name. */
  makeRepository(): Promise<string>;
  remove(): Promise<void>;
}

/** A place to run Hookyard in: a data folder, a configuration and automations of its own. */
export async function openSite(options: { temporal?: string } = {}): Promise<Site> {
  const folder = await mkdtemp(join(tmpdir(), 'hookyard-e2e-'));
  const source = unique('s');
  const config = join(folder, 'hookyard.config.ts');
  await writeFile(
    config,
    `import { defineConfig, env } from 'hookyard/config';
export default defineConfig({
  data: '${folder}',
  sources: { '${source}': { kind: 'github', secrets: [env('HOOK_SECRET')], clone: { url: '${folder}/repositories/{fullName}.git' } } },
});
`,
  );
  const secret = 'a-webhook-secret-for-tests';
  const api = async <T>(url: string, path: string, method = 'GET'): Promise<T> => {
    const answer = await fetch(`${url}/api/${path}`, {
      method,
      headers: { authorization: 'Bearer an-api-token-for-tests' },
    });
    return (await answer.json()) as T;
  };
  return {
    folder,
    secret,
    source,
    env: {
      HOOKYARD_CONFIG: config,
      HOOKYARD_AUTOMATIONS: join(packageRoot, 'test/e2e/automations'),
      HOOKYARD_TASK_QUEUE: unique('e2e'),
      HOOK_SECRET: secret,
      HOOKYARD_API_TOKEN: 'an-api-token-for-tests',
      TEMPORAL_ADDRESS: options.temporal ?? temporalAddress(),
    },
    api,
    logs: async (url, of) => {
      const search = new URLSearchParams({ ...of, limit: '1000' });
      return (await api<{ lines?: { text: string }[] }>(url, `logs?${search}`)).lines?.map(({ text }) => text) ?? [];
    },
    makeRepository: () => makeRepository(folder),
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}
