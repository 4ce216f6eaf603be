import { expect, test } from 'vitest';
import { WORKSPACE_VARIABLE } from '../../../src/activities/job/kill-by-env.js';
import { startGroup } from '../../../src/activities/job/process-group.js';

const PAUSE_MS = 60_000;

/** Runs it until it prints something, stops it, and returns all that it has printed. */
async function stopped(script: string): Promise<string> {
  const env = { PATH: process.env.PATH ?? '', [WORKSPACE_VARIABLE]: '/nowhere/stop-tree' };
  const options = { command: 'bash', args: ['-c', script], cwd: '/', env };
  const group = startGroup(options, { interruptMs: PAUSE_MS, terminateMs: PAUSE_MS });
  let printed = '';
  const read = async (stream: AsyncIterable<Buffer>) => {
    for await (const chunk of stream) {
      if (printed === '') void group.stop();
      printed += chunk;
    }
  };
  await Promise.all([group.ended, read(group.stdout), read(group.stderr)]);
  return printed;
}

// The test would take longer than it may if the pause were waited for.
test.runIf(process.platform === 'linux')(
  'what a shell has begun deaf to interrupts is not waited for in vain',
  async () => {
    // A shell's child ignores interrupts only once it has run: what is stopped before that is told by nothing.
    const isDeaf = 'until [ "$(cat /proc/$!/comm)" = sleep ]; do :; done';
    expect(await stopped(`sleep 300 & ${isDeaf}; echo begun; exec sleep 300`)).toBe('begun\n');
  },
  PAUSE_MS / 2,
);

test.runIf(process.platform === 'linux')(
  'what cleans up, and is not to be interrupted in that, has its time',
  async () => {
    const inner = `trap 'trap "" INT; sleep 0.5; echo cleaned; exit' INT; echo begun; while :; do sleep 0.02; done`;
    expect(await stopped(`sh -c '${inner.replaceAll("'", `'"'"'`)}'; true`)).toBe('begun\ncleaned\n');
  },
  PAUSE_MS / 2,
);

test.runIf(process.platform === 'linux').each([
  ['alone', ''],
  ['in a shell that goes on', '; true'],
])(
  'what runs under timeout is interrupted once: %s',
  async (_, more) => {
    const count =
      'let n = 0; process.on("SIGINT", () => { if (++n === 1) setTimeout(() => { console.log("told", n); process.exit(); }, 300); }); setInterval(() => 0, 1000); console.log("begun");';
    expect(await stopped(`timeout 300 '${process.execPath}' -e '${count}'${more}`)).toBe('begun\ntold 1\n');
  },
  PAUSE_MS / 2,
);
