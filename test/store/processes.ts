import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { built } from '../../src/paths.js';

/** A kind of store, by what opens it in another process, and with which options. */
export interface Opener {
  /** Path under `dist`. */
  readonly module: string;
  readonly name: string;
  readonly options: unknown;
}

/** A process that does what child.mjs knows under `role`, on the same store. */
export interface SecondProcess {
  readonly child: ChildProcessWithoutNullStreams;
  /** What it has printed so far. */
  readonly lines: readonly string[];
  /** Resolves when so many lines are there; rejects if it ends before. */
  printed(count: number): Promise<void>;
  /** Resolves when it has ended and everything it printed is in `lines`. */
  readonly ended: Promise<void>;
}

export function startProcess(role: 'accept' | 'claim', { module, name, options }: Opener): SecondProcess {
  const script = fileURLToPath(new URL('child.mjs', import.meta.url));
  const store = pathToFileURL(built(module)).href;
  const child = spawn(process.execPath, [script, role, store, name, JSON.stringify(options)]);
  const lines: string[] = [];
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk;
  });
  const output = createInterface({ input: child.stdout });
  output.on('line', (line) => lines.push(line));
  const ended = Promise.all([once(child, 'exit'), once(output, 'close')]).then(() => undefined);
  return {
    child,
    lines,
    ended,
    async printed(count) {
      while (lines.length < count) {
        const over = await Promise.race([once(output, 'line').then(() => false), ended.then(() => true)]);
        if (over && lines.length < count) throw new Error(`the process ended after ${lines.length} lines: ${errors}`);
      }
    },
  };
}
