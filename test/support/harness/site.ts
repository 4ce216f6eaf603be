import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../../../src/paths.js';
import { temporalAddress, unique } from '../temporal.js';
import { API_TOKEN, openPlace, type Place, SECRET } from './place.js';
import { type HookyardProcess, startHookyard } from './process.js';
import { makeRepository } from './repository.js';

export interface Site extends Place {
  readonly env: Record<string, string>;
  readonly secret: string;
  readonly source: string;
  /** Starts `hookyard start`, `server` or `worker` here. {@link Site.close} kills it. */
  start(command: string): Promise<HookyardProcess>;
  /** GET of the API, as the command line asks it. */
  api<T>(url: string, path: string, method?: 'GET' | 'POST'): Promise<T>;
  /** Returns what a job has written. */
  logs(url: string, of: { run: string; job: string }): Promise<string[]>;
  /** Makes the repository `acme/app` with one commit, and returns its name. */
  makeRepository(): Promise<string>;
  close(): Promise<void>;
}

/** Makes a place with a GitHub source and the automations of `test/e2e/automations`, to run Hookyard's processes in. */
export async function openSite(options: { temporal?: string; more?: string } = {}): Promise<Site> {
  const source = unique('s');
  const place = await openPlace({
    temporal: options.temporal ?? temporalAddress(),
    ...(options.more !== undefined && { more: options.more }),
    sources: (folder) =>
      `{ '${source}': { kind: 'github', secrets: [env('HOOK_SECRET')], clone: { url: '${folder}/repositories/{fullName}.git' } } }`,
  });
  await cp(join(packageRoot, 'test/e2e/automations'), join(place.folder, 'automations'), { recursive: true });
  const { HOOKYARD_PORT: _, ...own } = place.env;
  const env: Record<string, string> = { ...own, HOOKYARD_TASK_QUEUE: unique('e2e') };
  const running = new Set<HookyardProcess>();
  const api = async <T>(url: string, path: string, method = 'GET'): Promise<T> => {
    const answer = await fetch(`${url}/api/${path}`, { method, headers: { authorization: `Bearer ${API_TOKEN}` } });
    return (await answer.json()) as T;
  };
  return {
    ...place,
    env,
    secret: SECRET,
    source,
    hookyard: (args, extra, cwd, stdin) => place.hookyard(args, { ...env, ...extra }, cwd, stdin),
    async start(command) {
      const started = await startHookyard([command], { data: place.data, env });
      running.add(started);
      return started;
    },
    api,
    logs: async (url, of) => {
      const search = new URLSearchParams({ ...of, limit: '1000' });
      return (await api<{ lines?: { text: string }[] }>(url, `logs?${search}`)).lines?.map(({ text }) => text) ?? [];
    },
    makeRepository: () => makeRepository(place.folder),
    async close() {
      for (const one of running) await one.kill('SIGKILL');
    },
  };
}
