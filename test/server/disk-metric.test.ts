import { expect, test } from 'vitest';
import { createDiskMetric } from '../../src/server/disk-metric.js';

const DISKS: Readonly<Record<string, number>> = { '/data': 1, '/home/cache': 2, '/data/workspaces': 1 };
const look = {
  room: async (folder: string) => ({ bavail: folder === '/data' ? 50 : 4, blocks: 100, bsize: 1 }),
  async disk(folder: string) {
    const disk = DISKS[folder];
    if (disk === undefined) throw new Error('no such folder');
    return disk;
  },
};
const free = async (workspaces?: readonly string[]) =>
  (await createDiskMetric({ data: '/data', workspaces }, look)()).match(/^hookyard_data_free_bytes.*$/gm);

test('a disk of the workspaces that is another than that of the data folder is told of too', async () => {
  const data = 'hookyard_data_free_bytes{folder="data"} 50';
  expect(await free()).toEqual([data]);
  expect(await free(['/not-there', '/data/workspaces', '/home/cache'])).toEqual([data]);
  expect(await free(['/not-there', '/home/cache'])).toEqual([data, 'hookyard_data_free_bytes{folder="workspaces"} 4']);
});
