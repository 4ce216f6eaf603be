import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const ANSWER_MS = 15 * 60_000;
const END_MS = 15_000;

/** Starts a bench process, which answers questions by name (lib/serve.mjs). What it logs goes nowhere, as to a file. */
export function startChild(module, { execArgv = [], env = {}, onStep } = {}) {
  const path = fileURLToPath(new URL(`../${module}`, import.meta.url));
  const child = fork(path, {
    execArgv,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const waiting = new Map();
  let last = 0;
  child.on('message', (message) => {
    if (message.kind === 'step') return onStep?.(message);
    const { id, answer, error } = message;
    const { resolve, reject } = waiting.get(id) ?? {};
    if (error) reject?.(new Error(`${module}: ${error}`));
    else resolve?.(answer);
  });
  child.once('exit', (code, signal) => {
    for (const { reject } of waiting.values()) reject(new Error(`${module} ended (${signal ?? code})`));
  });
  const ask = (what, input) => {
    const id = ++last;
    const { promise, timer } = promised(waiting, { id, what: `${module}: ${what}` });
    child.send({ id, what, input });
    return promise.finally(() => {
      clearTimeout(timer);
      waiting.delete(id);
    });
  };
  return { pid: child.pid, ask, stop: () => end(child), kill: () => kill(child) };
}

function promised(waiting, { id, what }) {
  let timer;
  const promise = new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject });
    timer = setTimeout(() => reject(new Error(`${what} did not answer`)), ANSWER_MS);
  });
  return { promise, timer };
}

async function kill(child) {
  if (hasEnded(child)) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

function hasEnded({ exitCode, signalCode }) {
  return exitCode !== null || signalCode !== null;
}

async function end(child) {
  if (hasEnded(child)) return;
  const exited = once(child, 'exit');
  child.disconnect();
  const timer = setTimeout(() => child.kill('SIGKILL'), END_MS);
  await exited;
  clearTimeout(timer);
}
