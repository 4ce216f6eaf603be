import { afterEach, expect, inject, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../support/postgres.js';
import { holders } from './lanes/holders.js';
import { tryOne } from './lanes/index.js';
import { many } from './lanes/many.js';
import { newest } from './lanes/newest.js';
import { queue } from './lanes/queue.js';
import type { LaneTrial } from './lanes/trial.js';

/** `npm run test:faults -- --lanes` in short. */
let database: TestDatabase | undefined;
afterEach(async () => {
  await database?.drop();
  database = undefined;
});

test.each<[string, LaneTrial]>([
  [
    'runs of a queue all run, in order and one at a time, though everything is killed once',
    // More than what is up between the kills can do, however fast: some have to be left for the last.
    queue({ pushes: 60, rounds: 1 }),
  ],
  ['the newest takes the place of all that wait, and Temporal never hears of them', newest({ pushes: 100 })],
  [
    'no lane is over its limit on two servers and two workers, one each of which is killed',
    many({ pushes: 100, lanes: 10 }),
  ],
  ['a lane goes on when its holder is terminated, times out or is gone with Temporal', holders({})],
])(
  '%s',
  async (_, trial) => {
    if (trial.store === 'postgres') database = await testDatabase();
    const said: string[] = [];
    const given = { cli: inject('temporalCli'), database: database?.url, say: (line: string) => void said.push(line) };
    const { problems, figure } = await tryOne(trial, given);
    expect(problems, [...said, figure].join('\n')).toEqual([]);
  },
  900_000,
);
