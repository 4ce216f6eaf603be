import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { mountPointsIn, mountsBelow } from '../../../src/activities/job/mounts.js';
import { built } from '../../../src/paths.js';
import { tempFolder } from '../../support/temp-folder.js';

test('mount points are read as they are, with blanks and letters of all kinds', () => {
  const info = [
    '36 35 98:0 /mnt1 / rw,noatime master:1 - ext3 /dev/root rw,errors=continue',
    '40 36 0:41 / /w/src/a\\040folder\\011x\\134y rw - fuse.sshfs me@host: rw',
    '41 36 0:42 / /w/src/\xc3\xa4 rw - tmpfs tmpfs rw',
    '',
  ].join('\n');
  expect(mountPointsIn(info)).toEqual(['/', '/w/src/a folder\tx\\y', '/w/src/ä']);
});

test('a folder without mounts has none, also where the folder itself is one', async () => {
  expect(await mountsBelow(await tempFolder('none'))).toEqual([]);
  expect(await mountsBelow('/proc')).not.toContain('/proc');
});

/** Whether this system lets a process mount something that only it and its children see. */
const canMount = await execa('unshare', ['--user', '--map-root-user', '--mount', 'true'], { reject: false }).then(
  ({ exitCode }) => exitCode === 0,
);

test.runIf(canMount)('what is mounted below a folder is not removed with it', async () => {
  const folder = await tempFolder('mounted');
  const [elsewhere, at] = [join(folder, 'elsewhere'), join(folder, 'workspace/src/deep')];
  for (const path of [elsewhere, at]) await mkdir(path, { recursive: true });
  await writeFile(join(elsewhere, 'file'), 'not the job’s');
  const script = `
    import { removeFolder } from ${JSON.stringify(built('activities/job/workspace.js'))};
    await removeFolder(${JSON.stringify(join(folder, 'workspace'))});`;
  const command = `mount --bind "${elsewhere}" "${at}" && "${process.execPath}" --input-type=module -e "$SCRIPT"`;
  const ran = await execa('unshare', ['--user', '--map-root-user', '--mount', 'sh', '-c', command], {
    env: { SCRIPT: script },
    reject: false,
  });
  expect(ran.stderr).toContain(`something is mounted at ${at}: unmount it, and delete the folder by hand`);
  expect(await readFile(join(elsewhere, 'file'), 'utf8')).toBe('not the job’s');
});
