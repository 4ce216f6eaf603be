import { execa } from 'execa';
import { expect, test } from 'vitest';
import { built } from '../../../src/paths.js';

/** Starts a step where no more files can be opened, in a process of its own, and prints how that is told. */
const STEP = `
import { openSync } from 'node:fs';
import { startGroup } from ${JSON.stringify(built('activities/job/process-group.js'))};
process.on('unhandledRejection', (error) => console.log('unhandled', error));
try {
  for (;;) openSync('/dev/null');
} catch {}
try {
  startGroup({ command: '/bin/true', args: [], cwd: '/', env: {} });
} catch ({ code, message }) {
  setImmediate(() => console.log(code, message));
}
`;

test('a step that can not be started since too many files are open is told as what it is: another host may have room', async () => {
  const limited = 'ulimit -n 200; exec "$0" --input-type=module -e "$1"';
  const { stdout } = await execa('sh', ['-c', limited, process.execPath, STEP]);
  expect(stdout).toBe('EMFILE no process can be started: too many files are open');
});
