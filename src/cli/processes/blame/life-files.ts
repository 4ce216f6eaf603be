import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Logger } from '../../../log.js';
import { isRunning } from '../../../process-start-time.js';
import { type Life, lifeSchema } from './life.js';

/** The file in which a process that works says what it is at work on. It stays when the process dies. */
export interface LifeFile {
  /**
   * Writes it anew: for what dies with the process alone, so it need not reach the disk. Writes nothing once it is removed.
   * Throws what the system does.
   */
  write(life: Life): void;
  /** Removes it. */
  remove(): void;
}

/** Of the data folder. */
const FOLDER = 'workers';
/** How often a process has to write, in milliseconds. */
export const BEAT_MS = 20_000;
/** Of a process that can't be asked for, as on another machine: it has not written for so long that it is gone. */
const GONE_MS = 6 * BEAT_MS;

/** Makes a new file in a data folder. Throws what the system does. */
export function openLifeFile(data: string, name: string): LifeFile {
  const folder = join(data, FOLDER);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `${name}.json`);
  const handle = openSync(path, 'w', 0o600);
  let longest = 0;
  let isThere = true;
  return {
    write(life) {
      // The handle may be another file's by then.
      if (!isThere) return;
      const text = Buffer.from(JSON.stringify(life));
      longest = Math.max(longest, text.length);
      // At one go, with blanks over what is left of a longer one: whenever the process dies, it can be read.
      const blanks = Buffer.alloc(longest - text.length, ' ');
      writeSync(handle, Buffer.concat([text, blanks]), 0, longest, 0);
    },
    remove() {
      isThere = false;
      closeSync(handle);
      rmSync(path, { force: true });
    },
  };
}

/** What a process has left that died. */
export interface DeadLife {
  /** Of this life alone. */
  readonly id: string;
  readonly life: Life;
  /** Removes the file, once what it tells is kept. */
  forget(): void;
}

/** Returns the lives of processes that have died. Others that look at the same time find them too. */
export async function findDead(data: string, log: Logger): Promise<DeadLife[]> {
  const folder = join(data, FOLDER);
  const dead: DeadLife[] = [];
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const path = join(folder, name);
    try {
      const life = read(path);
      if (!(await isDead(life, statSync(path).mtimeMs))) continue;
      const forget = () => rmSync(path, { force: true });
      if (life) dead.push({ id: name, life, forget });
      else forget();
    } catch (error) {
      // Another worker that begins at the same time has read and removed it.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') continue;
      log.warn({ file: path, because: (error as Error).message }, UNREADABLE);
    }
  }
  return dead;
}

const UNREADABLE =
  'a note of what a worker process was at work on can not be read: correct its permissions, or remove it';

function read(path: string): Life | undefined {
  const text = readFileSync(path, 'utf8');
  try {
    return lifeSchema.parse(JSON.parse(text));
  } catch {
    // It died before it wrote, or another version did.
    return undefined;
  }
}

async function isDead(life: Life | undefined, writtenAt: number): Promise<boolean> {
  const isAlive = life?.host === hostname() ? await isRunning(life.pid, life.started) : undefined;
  return isAlive === undefined ? Date.now() - writtenAt > GONE_MS : !isAlive;
}
