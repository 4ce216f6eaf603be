import { readdirSync, readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Canary } from './canary-config.js';

/** Returns the ways that a mark is written, without the help of what is tested. */
function written(mark: string): string[] {
  const inBase64 = [0, 1, 2].map((before) =>
    Buffer.from('x'.repeat(before) + mark)
      .toString('base64')
      .slice(before === 0 ? 0 : 4, -4)
      .replace(/=+$/, ''),
  );
  const hex = Buffer.from(mark).toString('hex');
  return [
    ...[mark, encodeURIComponent(mark), hex, hex.toUpperCase(), Buffer.from(mark).toString('utf16le')],
    ...inBase64.flatMap((one) => [one, one.replaceAll('+', '-').replaceAll('/', '_'), encodeURIComponent(one)]),
  ];
}

/** Returns, a line each, which canaries a text holds, in whatever spelling, and what stands around them. */
export function canariesIn(text: string, where: string, canaries: readonly Canary[]): string[] {
  return canaries.flatMap(({ option, mark }) => {
    const at = written(mark)
      .map((one) => text.indexOf(one))
      .find((place) => place >= 0);
    return at === undefined ? [] : [`${option} in ${where}: …${text.slice(Math.max(0, at - 120), at + 60)}…`];
  });
}

/** Returns every file below a folder, as text of a character a byte, but those in folders named `except`. */
export async function filesBelow(folder: string, except: string): Promise<{ path: string; text: string }[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.parentPath.split('/').includes(except));
  return Promise.all(
    files.map(async ({ parentPath, name }) => {
      const path = join(parentPath, name);
      return { path, text: await readFile(path, 'latin1').catch(() => '') };
    }),
  );
}

/** A process that was seen. */
export interface Seen {
  readonly pid: number;
  readonly command: string;
  readonly environment: string;
}

/** Looks again and again at the processes below one, until it is ended; returns all that were seen. */
export function watchProcesses(root: number): { end(): readonly Seen[] } {
  const seen = new Map<string, Seen>();
  const look = () => {
    const parents = new Map(pids().map((pid) => [pid, parentOf(pid)]));
    const isBelow = (pid: number | undefined): boolean =>
      pid !== undefined && (pid === root || isBelow(parents.get(pid)));
    for (const pid of parents.keys()) {
      if (!isBelow(pid)) continue;
      const one = { pid, command: read(pid, 'cmdline'), environment: read(pid, 'environ') };
      if (one.command) seen.set(`${pid} ${one.command}`, one);
    }
  };
  const timer = setInterval(look, 50);
  return {
    end() {
      clearInterval(timer);
      return [...seen.values()];
    },
  };
}

function pids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function parentOf(pid: number): number | undefined {
  const stat = read(pid, 'stat');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) || undefined;
}

function read(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'latin1').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}
