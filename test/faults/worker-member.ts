import { setTimeout as pass } from 'node:timers/promises';
import type { ReadinessAnswer } from '../../src/server/api/contract.js';
import { workerProcessOf } from '../support/harness/worker-process.js';
import type { Member } from './member.js';

const THERE_MS = 180_000;
const LOOK_EVERY_MS = 100;

/** Returns the worker process of a `hookyard start` as a member of its own. The start brings it back by itself. */
export function workerMemberOf(start: Member): Member {
  const pid = () => workerProcessOf(start.pid()) ?? 0;
  const until = async (isSo: () => boolean | Promise<boolean>, what: string) => {
    for (const end = performance.now() + THERE_MS; !(await isSo()); await pass(LOOK_EVERY_MS))
      if (performance.now() > end) throw new Error(`${what} within ${THERE_MS / 1_000} s`);
  };
  const runs = () =>
    fetch(`${start.url}/readyz`)
      .then(async (answer) => ((await answer.json()) as ReadinessAnswer).worker === 'runs')
      .catch(() => false);
  return {
    name: `the worker process of ${start.name}`,
    url: '',
    pid,
    // It prints where the start does, and only a start that has ended leaves it away.
    output: () => '',
    isAsMeant: () => true,
    start: () => until(runs, 'the worker process did not come back'),
    async kill() {
      await until(() => pid() !== 0, 'there was no worker process to kill');
      const killed = pid();
      process.kill(killed, 'SIGKILL');
      await until(() => pid() !== killed, 'the worker process did not end');
    },
    signal(signal) {
      const there = pid();
      if (there !== 0) process.kill(there, signal);
    },
  };
}
