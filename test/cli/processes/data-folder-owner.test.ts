import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { readOwner, readRunning, writeRunning } from '../../../src/cli/client/running.js';
import { ownData } from '../../../src/cli/processes/data-folder-owner.js';
import { startTime } from '../../../src/process-start-time.js';
import { tempFolder } from '../../support/temp-folder.js';

test('a data folder has one owner, whom the second is told, until it is released', async () => {
  const data = await tempFolder('owned');
  const owned = await ownData(data, 'server');
  await expect(ownData(data, 'start')).rejects.toThrow(
    `${data} is in use by hookyard server (process ${process.pid}): stop it first, or set HOOKYARD_DATA to another folder`,
  );
  expect(await readRunning(data)).toBeUndefined();
  await owned.announce({ url: 'http://127.0.0.1:3000', uiUrl: undefined });
  expect(await readRunning(data)).toMatchObject({ pid: process.pid, url: 'http://127.0.0.1:3000' });
  await expect(ownData(data, 'start')).rejects.toThrow(`(process ${process.pid}, http://127.0.0.1:3000)`);
  expect(await readRunning(data)).toMatchObject({ url: 'http://127.0.0.1:3000' });
  await owned.release();
  expect(await readOwner(data)).toBeUndefined();
  expect(await readdir(data)).toEqual(['owner.lock']);
  await (await ownData(data, 'start')).release();
});

test('what an owner left that was killed is nobody: neither a process that is gone, nor another that has its id', async () => {
  const data = await tempFolder('stale');
  const url = 'http://127.0.0.1:3000';
  const startedAt = await startTime(process.pid);
  await writeRunning(data, { pid: process.pid, ...(startedAt && { startedAt }), url });
  expect(await readRunning(data)).toMatchObject({ url });
  for (const stale of [
    { pid: process.pid, startedAt: 'another-boot/1', url },
    { pid: 1, startedAt: `${startedAt}0`, url },
    { pid: 2 ** 30, ...(startedAt && { startedAt }), url },
  ]) {
    await writeRunning(data, stale);
    expect(await readRunning(data)).toBeUndefined();
    // It is taken over, and its address with it.
    await (await ownData(data, 'server')).release();
  }
});

test('the address that an earlier version wrote down is still read', async () => {
  const data = await tempFolder('earlier');
  await writeRunning(data, { pid: process.pid, url: 'http://127.0.0.1:3000' });
  expect(await readRunning(data)).toEqual({ pid: process.pid, url: 'http://127.0.0.1:3000' });
});
