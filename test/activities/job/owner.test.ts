import { execa } from 'execa';
import { expect, test } from 'vitest';
import { isAlive, thisProcess } from '../../../src/activities/job/owner.js';
import { built } from '../../../src/paths.js';

const NOBODY = 2 ** 22 + 1;
const HOUR_MS = 3_600_000;

test('a process lives until it has ended; one with its id that began at another time is another', async () => {
  const me = await thisProcess();
  expect(await isAlive(me, Date.now())).toBe(true);
  expect(await isAlive({ ...me, startTime: `${me.startTime}1` }, Date.now())).toBe(false);
  expect(await isAlive({ ...me, pid: NOBODY }, Date.now())).toBe(false);
  expect(await isAlive({ ...me, host: 'another' }, 0)).toBeUndefined();
});

test('nobody can tell of a process that is there, and of which no start is noted', async () => {
  expect(await isAlive({ ...(await thisProcess()), startTime: '' }, 0)).toBeUndefined();
});

test.runIf(process.platform === 'linux')(
  'a process without free file descriptors takes nobody who is there for dead, and knows itself',
  async () => {
    const script = `
      import { openSync } from 'node:fs';
      import { isAlive, thisProcess } from ${JSON.stringify(built('activities/job/owner.js'))};
      import { isRunning } from ${JSON.stringify(built('process-start-time.js'))};
      const me = await thisProcess();
      const { boot, ...ofVersionBefore } = me;
      try { for (;;) openSync('/dev/null'); } catch (error) { if (error.code !== 'EMFILE') throw error; }
      const parent = { ...me, pid: process.ppid, startTime: '1' };
      const found = [await isAlive(me), await isAlive(ofVersionBefore), await isAlive(parent)];
      found.push(await isRunning(process.ppid, '1'), await isAlive({ ...me, pid: ${NOBODY} }));
      console.log(JSON.stringify([...found.map(String), (await thisProcess()).startTime === me.startTime]));`;
    const limited = 'ulimit -n 400; exec "$0" --input-type=module -e "$1"';
    const { stdout } = await execa('sh', ['-c', limited, process.execPath, script]);
    expect(JSON.parse(stdout)).toEqual([...Array(4).fill('undefined'), 'false', true]);
  },
);

test.runIf(process.platform === 'linux')(
  'nobody can tell of a process in another container with the name of this host, unless it has long kept still',
  async () => {
    const { pidNamespace, ...ofVersionBefore } = await thisProcess();
    expect(pidNamespace).toMatch(/^pid:/);
    for (const pid of [process.pid, NOBODY]) {
      const other = { ...ofVersionBefore, pid, pidNamespace: 'pid:[1]' };
      expect(await isAlive(other, Date.now() - 60_000)).toBeUndefined();
      expect(await isAlive(other, Date.now() - HOUR_MS)).toBe(false);
      expect(await isAlive({ ...other, boot: 'another' }, Date.now())).toBe(false);
    }
    expect(await isAlive(ofVersionBefore, 0)).toBe(true);
    expect(await isAlive({ ...ofVersionBefore, pid: NOBODY }, Date.now())).toBe(false);
  },
);
