import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../../src/paths.js';

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface Place {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** Runs the real command line here, and answers how it ended. */
  hookyard(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended>;
  /** Writes a file here, and answers its path. */
  write(name: string, content: string | Uint8Array): Promise<string>;
  remove(): Promise<void>;
}

export const API_TOKEN = 'an-api-token-for-tests';

/** A folder with a configuration and automations of its own, where no server runs. `sources`: TypeScript. */
export async function openPlace({
  sources = "{ github: { kind: 'github', secrets: [env('HOOK_SECRET')] } }",
  more = '',
  automations = '',
}: {
  sources?: string;
  more?: string;
  automations?: string;
} = {}): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'hookyard-cli-'));
  const write = async (name: string, content: string | Uint8Array) => {
    const path = join(folder, name);
    await writeFile(path, content);
    return path;
  };
  await mkdir(join(folder, 'automations'));
  await write('automations/own.ts', automations);
  const config = `import { defineConfig, env, optionalEnv } from 'hookyard/config';
void optionalEnv;
export default defineConfig({ sources: ${sources}, ${more} });
`;
  const env = {
    PATH: process.env.PATH ?? '',
    HOOKYARD_CONFIG: await write('hookyard.config.ts', config),
    HOOKYARD_DATA: join(folder, 'data'),
    HOOKYARD_PORT: String(await closedPort()),
    HOOKYARD_API_TOKEN: API_TOKEN,
    HOOK_SECRET: SECRET,
    TEMPORAL_ADDRESS: '127.0.0.1:1',
  };
  return {
    folder,
    env,
    write,
    hookyard: (args, extra = {}) =>
      new Promise((resolve) => {
        const program = [join(packageRoot, 'bin/hookyard.mjs'), ...args];
        execFile(
          process.execPath,
          program,
          { cwd: folder, env: { ...env, ...extra }, timeout: 25_000, killSignal: 'SIGKILL' },
          (error, out, err) =>
            resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, out, err }),
        );
      }),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

export const SECRET = 'a-webhook-secret-for-tests';

/** One that was free a moment ago: nobody listens there. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
