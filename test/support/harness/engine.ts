import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** One call of a client. */
export interface Call {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** What stands in for a container engine. */
export interface StandInEngine {
  readonly program: string;
  readonly imageId: string;
  calls(command?: string): Promise<Call[]>;
  /** The names of its containers. */
  running(): Promise<string[]>;
  /** Changes how it answers. */
  set(settings: Partial<EngineSettings>): Promise<void>;
}

export interface EngineSettings {
  readonly kind: 'docker' | 'podman';
  readonly rootless?: boolean;
  /** It does not answer. */
  readonly down?: boolean;
  /** Images lie where these credentials are asked for. */
  readonly registry?: { readonly server: string; readonly user: string; readonly password: string };
  /** Folder that containers may write below. */
  readonly writable?: string;
}

const STAND_IN = fileURLToPath(new URL('../stand-in-engine.mjs', import.meta.url));

/** Makes a program that takes the calls of an engine's client and checks all of each. It has no images yet. */
export async function openEngine(folder: string, settings: EngineSettings): Promise<StandInEngine> {
  const bin = join(folder, 'engine-bin');
  const state = join(bin, 'state');
  const containers = join(state, 'containers');
  const program = join(bin, settings.kind);
  const imageId = `sha256:${'1'.repeat(64)}`;
  await mkdir(containers, { recursive: true });
  await writeFile(program, `#!/bin/sh\nexec '${process.execPath}' '${STAND_IN}' '${program}' "$@"\n`, { mode: 0o755 });
  const set = async (more: Partial<EngineSettings>) =>
    writeFile(join(state, 'settings.json'), JSON.stringify({ imageId, writable: '/', ...settings, ...more }));
  await set({});
  return {
    program,
    imageId,
    set,
    running: () => readdir(containers),
    async calls(command) {
      const file = join(state, 'calls.jsonl');
      const lines = existsSync(file) ? (await readFile(file, 'utf8')).split('\n').filter(Boolean) : [];
      const all = lines.map((line) => JSON.parse(line) as Call);
      return command === undefined ? all : all.filter((call) => call.command === command);
    },
  };
}
