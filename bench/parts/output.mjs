import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { startChild } from '../lib/child.mjs';
import { medianOf } from '../lib/figures.mjs';
import { untilQuiet } from '../lib/quiet.mjs';
import { atMost } from '../lib/target.mjs';

const BYTES = 100_000_000;
/** By how much steps are nicer than what runs them. */
const NICER_BY = 10;
const LINE = 'compiling src/some/folder/of/a/project/module-of-some-name.ts ... done in 12 ms';
/** What prints as fast as it can: a shell's tool with lines of 80 characters, one with short lines, and a program of Node's. */
const COMMANDS = {
  'lines of 80': `yes '${LINE}' | head -c ${BYTES} || true`,
  'lines of 8': `seq 10000000 ${10_000_000 + BYTES / 9}`,
  'by Node.js': `node -e 'const b = Buffer.from("${LINE}\\n".repeat(800)); let n = ${BYTES}; (function w() { for (; n > 0; ) { n -= b.length; if (!process.stdout.write(b)) return process.stdout.once("drain", w); } })()'`,
};

/** m. Whether a step that prints 100 MB as fast as it can is held up, against the same piped through cat to nothing. */
export async function output(bench) {
  const child = startChild('systems/step-output.mjs');
  bench.onEnd(() => child.stop());
  await child.ask('begin', { folder: join(bench.folder, 'output') });
  await child.ask('run', { command: COMMANDS['lines of 80'] });
  const { rss } = await child.ask('usage');
  const [targets, rows] = [[], []];
  let peakMb = 0;
  for (const [name, command] of Object.entries(COMMANDS)) {
    bench.say(`output: 100 MB, ${name}`);
    const rounds = [];
    for (let round = 0; round < (bench.quick ? 3 : 7); round++) {
      await untilQuiet();
      const byHand = timed(`{ ${command}; } | cat > /dev/null`);
      const step = await child.ask('run', { command });
      peakMb = Math.max(peakMb, step.peakMb);
      rounds.push({ byHand, step });
    }
    const ratio = medianOf(rounds, ({ byHand, step }) => step.ms / byHand);
    targets.push(atMost(`m. 100 MB of output, ${name}: the step / through cat to nothing`, 1.3, ratio));
    rows.push(
      { what: `m. ${name}: by hand, through cat to nothing`, p50: medianOf(rounds, ({ byHand }) => byHand) },
      { what: `m. ${name}: the step`, p50: medianOf(rounds, ({ step }) => step.ms) },
      { what: `m. ${name}: until its output is stored`, p50: medianOf(rounds, ({ step }) => step.storedMs) },
    );
  }
  targets.push(atMost('m. memory at most, beyond that after the first 100 MB, in MB', 100, peakMb - rss / 2 ** 20));
  await child.ask('end');
  return { targets, rows };
}

/** At the priority that steps have, since others may be at work. */
function timed(command) {
  const began = performance.now();
  const shell = ['/bin/bash', '--noprofile', '--norc', '-eo', 'pipefail', '-c', command];
  const { status } = spawnSync('nice', ['-n', String(NICER_BY), ...shell], {
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: 120_000,
  });
  if (status !== 0 && status !== null) throw new Error(`"${command}" ended with ${status}`);
  return performance.now() - began;
}
