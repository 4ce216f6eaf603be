import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { calledHere } from '../../../src/cli/format/called-here.js';
import { packageRoot } from '../../../src/paths.js';
import { tempFolder } from '../temp-folder.js';
import { freeAddress } from './free-address.js';

export const API_TOKEN = 'an-api-token-for-tests-of-32-characters';
export const SECRET = 'a-webhook-secret-for-tests';

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Returns what was printed with commands as they are told where npx finds the program: elsewhere they name its path. */
function asInPackage(text: string): string {
  return text.replaceAll(calledHere(tmpdir()), 'npx hookyard');
}

export interface Place {
  readonly folder: string;
  readonly data: string;
  /** Of every process here. `HOOKYARD_PORT` is a port where nobody listens. */
  readonly env: Readonly<Record<string, string>>;
  /** Runs the real command line here, or in another folder, and returns how it ended. */
  hookyard(
    args: readonly string[],
    env?: Readonly<Record<string, string>>,
    cwd?: string,
    /** What it reads from standard input. */
    stdin?: string,
  ): Promise<Ended>;
  /** Writes a file here, and returns its path. */
  write(name: string, content: string | Uint8Array): Promise<string>;
}

export interface PlaceOptions {
  /** TypeScript; `folder` is the place's. */
  readonly sources?: string | ((folder: string) => string);
  /** More of the configuration, as TypeScript. */
  readonly more?: string;
  /** A workflow module, as TypeScript. */
  readonly automations?: string;
  /** Default: nobody is there. */
  readonly temporal?: string;
}

/** Makes a folder with a configuration and automations of its own. Nothing runs. */
export async function openPlace(options: PlaceOptions = {}): Promise<Place> {
  const { more = '', automations = '', temporal = '127.0.0.1:1' } = options;
  const { sources = "{ github: { kind: 'github', secrets: [env('HOOK_SECRET')] } }" } = options;
  const folder = await tempFolder('place');
  const data = join(folder, 'data');
  const write = async (name: string, content: string | Uint8Array) => {
    const path = join(folder, name);
    await writeFile(path, content);
    return path;
  };
  await mkdir(join(folder, 'automations'));
  await write('automations/own.ts', automations);
  const config = `import { defineConfig, env, optionalEnv } from 'hookyard/config';
void optionalEnv;
export default defineConfig({ sources: ${typeof sources === 'string' ? sources : sources(folder)}, ${more} });
`;
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: process.env.HOME ?? '',
    HOOKYARD_CONFIG: await write('hookyard.config.ts', config),
    HOOKYARD_DATA: data,
    HOOKYARD_PORT: String((await freeAddress()).port),
    HOOKYARD_API_TOKEN: API_TOKEN,
    HOOK_SECRET: SECRET,
    TEMPORAL_ADDRESS: temporal,
  };
  const hookyard = (args: readonly string[], extra: Readonly<Record<string, string>> = {}, cwd = folder, stdin = '') =>
    new Promise<Ended>((resolve) => {
      const program = [join(packageRoot, 'bin/hookyard.mjs'), ...args];
      const settings = { cwd, env: { ...env, ...extra }, timeout: 120_000, killSignal: 'SIGKILL' } as const;
      const child = execFile(process.execPath, program, settings, (error, out, err) =>
        resolve({
          code: typeof error?.code === 'number' ? error.code : error ? -1 : 0,
          ...{ out: asInPackage(out), err: asInPackage(err) },
        }),
      );
      child.stdin?.on('error', () => undefined).end(stdin);
    });
  return { folder, data, env, write, hookyard };
}
