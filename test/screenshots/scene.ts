import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { packageRoot } from '../../src/paths.js';
import { findCli } from '../../src/temporal/find-cli.js';
import { startFakeGithub } from '../support/fake-github/github.js';
import { closers } from '../support/harness/closers.js';
import { startServer } from '../support/harness/http-server.js';
import { API_TOKEN, openPlace, SECRET } from '../support/harness/place.js';
import { startHookyard } from '../support/harness/process.js';
import { openRepository, type TestRepository } from '../support/harness/repository.js';
import { sendPush } from '../support/harness/send-push.js';

/** A Hookyard that runs, with a repository, GitHub's stand-in and three systems that it tells things. */
export interface Scene {
  readonly url: string;
  readonly repository: TestRepository;
  /** Sends a signed delivery. Returns its id, and the names of its runs. Rejects where it is not taken. */
  send(event: string, payload: object): Promise<{ readonly delivery: string; readonly runs: readonly string[] }>;
  /** Waits until what the API answers is as it should be, and returns that. Rejects after {@link DEADLINE_MS}. */
  until<A>(path: string, is: (answer: A) => boolean): Promise<A>;
  close(): Promise<void>;
}

/** A checkout waits for other jobs, and all waits for a slow machine. */
const DEADLINE_MS = 180_000;

/** Starts all of it in a folder of its own, which goes with it. */
export async function openScene(at: {
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}): Promise<Scene> {
  const { add, defer, close } = closers();
  try {
    const cli = await findCli({ env: process.env, onProgress: at.say });
    const github = add(await startFakeGithub({ token: TOKEN }));
    const partners = add(await startServer(({ path }) => PARTNERS[path] ?? { status: 404 }));
    const place = await openPlace({
      sources: (folder) => `{
        github: {
          kind: 'github', secrets: [env('HOOK_SECRET')], api: { url: '${github.url}', token: env('GITHUB') },
          clone: { url: '${folder}/repositories/{fullName}.git' },
        },
        payments: { kind: 'stripe', secrets: [env('STRIPE_SECRET')] },
      }`,
      more: `jobs: { slots: 5 }, endpoints: { ${Object.keys(PARTNERS)
        .map(
          (path) => `${path.slice(1)}: { url: '${partners.url}${path}', secrets: [env('SIGN')], allowPrivate: true }`,
        )
        .join()} }`,
    });
    defer(() => rm(place.folder, { recursive: true, force: true }));
    await rm(join(place.folder, 'automations'), { recursive: true });
    await cp(join(packageRoot, 'test/screenshots/automations'), join(place.folder, 'automations'), { recursive: true });
    const { TEMPORAL_ADDRESS: _, HOOKYARD_PORT: __, ...env } = place.env;
    const hookyard = await startHookyard(['start'], {
      data: place.data,
      env: {
        ...env,
        TEMPORAL_CLI_PATH: cli,
        HOOKYARD_WORKSPACES: join(place.folder, 'workspaces'),
        ...{ GITHUB: TOKEN, SIGN: `whsec_${Buffer.alloc(24, 7).toString('base64')}` },
        STRIPE_SECRET: `whsec_${'7'.repeat(32)}`,
      },
    });
    defer(() => hookyard.kill('SIGTERM'));
    return {
      url: hookyard.url,
      repository: await openRepository(place.folder),
      async send(event, payload) {
        const sent = await sendPush(hookyard.url, {
          ...{ secret: SECRET, source: 'github', event, body: JSON.stringify(payload) },
        });
        if (sent.status >= 300 || sent.status === 0) throw new Error(`a delivery was answered ${sent.status}`);
        return { delivery: sent.body.delivery ?? '', runs: sent.body.runs ?? [] };
      },
      async until<A>(path: string, is: (answer: A) => boolean) {
        const headers = { authorization: `Bearer ${API_TOKEN}` };
        for (const deadline = Date.now() + DEADLINE_MS; Date.now() < deadline; await wait(300)) {
          at.signal.throwIfAborted();
          const asked = await fetch(`${hookyard.url}/api/${path}`, { headers }).catch(() => undefined);
          const answer = asked?.ok ? ((await asked.json()) as A) : undefined;
          if (answer !== undefined && is(answer)) return answer;
        }
        throw new Error(`${path} was not as it should be in ${DEADLINE_MS / 1_000} s:\n${hookyard.output()}`);
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

const TOKEN = 'a-token-of-the-stand-in';

/** By path: what systems answer that are told of merges. */
const PARTNERS: Readonly<Record<string, { readonly status: number; readonly body?: string }>> = {
  '/archive': { status: 503, body: 'the archive is being moved' },
  '/tickets': { status: 410, body: 'no such project' },
  '/warehouse': { status: 200, body: 'thanks' },
};
