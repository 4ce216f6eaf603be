import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../../../src/paths.js';
import { type Closers, closers } from '../../support/harness/closers.js';
import { API_TOKEN, SECRET } from '../../support/harness/place.js';
import { startHookyard } from '../../support/harness/process.js';
import { createEngine } from '../engine.js';

/** A real `hookyard server` on loopback, with what the attacks need to know of it. */
export interface Scene {
  readonly cli: string;
  readonly url: string;
  readonly port: number;
  readonly secret: string;
  /** Everything that it has printed. */
  output(): string;
  /** Returns for how many milliseconds the server's event loop was held at most, since this was last asked. */
  longestHold(): Promise<number>;
  say(line: string): void;
  close(): Promise<void>;
}

/** Sources of the server: the first is GitHub's kind, the others name theirs. */
export const SOURCES = ['github', 'gitlab', 'token', 'hmac'] as const;

/** Starts Temporal and a server. What was started is ended again when one does not come up. */
export async function openScene(options: { cli: string; say: (line: string) => void }): Promise<Scene> {
  const { close, ...opened } = closers();
  try {
    return { ...(await build(options, opened)), ...options, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function build({ cli }: { cli: string }, { defer }: Pick<Closers, 'defer'>) {
  const folder = await mkdtemp(join(tmpdir(), 'hookyard-attacks-'));
  defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const engine = await createEngine({ cli, folder });
  defer(() => engine.kill());
  await engine.start();
  const held = join(folder, 'held');
  const watch = pathToFileURL(join(packageRoot, 'test/faults/loop-watch.mjs'));
  watch.searchParams.set('file', held);
  const config = join(folder, 'hookyard.config.ts');
  await writeFile(config, CONFIG);
  const server = await startHookyard(['server'], {
    data: join(folder, 'data'),
    env: {
      HOOKYARD_CONFIG: config,
      HOOKYARD_AUTOMATIONS: join(packageRoot, 'automations'),
      HOOK_SECRET: SECRET,
      HOOKYARD_API_TOKEN: API_TOKEN,
      HOOKYARD_CALLBACK_KEY: randomBytes(32).toString('hex'),
      TEMPORAL_ADDRESS: `127.0.0.1:${engine.port}`,
      NODE_OPTIONS: `--import=${watch.href}`,
    },
  });
  defer(() => server.kill('SIGKILL'));
  return {
    url: server.url,
    port: Number(new URL(server.url).port),
    secret: SECRET,
    output: server.output,
    async longestHold() {
      await rm(held, { force: true });
      // What has just held the loop is counted once the loop has gone on.
      await wait(50);
      process.kill(server.pid, 'SIGUSR2');
      for (const until = Date.now() + HELD_MS; Date.now() < until; await wait(10)) {
        const text = await readFile(held, 'utf8').catch(() => undefined);
        if (text !== undefined) return Number(text);
      }
      throw new Error(`the server did not say within ${HELD_MS / 1_000} s how long its event loop was held`);
    },
  };
}

const HELD_MS = 30_000;

const CONFIG = `import { defineConfig, env } from 'hookyard/config';
const secrets = [env('HOOK_SECRET')];
export default defineConfig({
  sources: {
    github: { kind: 'github', secrets },
    gitlab: { kind: 'gitlab', secrets },
    token: { kind: 'token', secrets },
    hmac: { kind: 'hmac', header: 'x-signature', secrets, maxBodyBytes: 25 * 1024 * 1024 },
  },
});
`;
