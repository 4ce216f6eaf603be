import { parseArgs } from 'node:util';
import { startVitest } from 'vitest/node';

const HELP = `npm run fuzz -- [--count <n>] [--seed <n>]

Sends spoiled deliveries of all kinds to a receiver, 50,000 by default, and wants no answer of 400 or of 5xx, no changed
prototype and steady memory. The same seed spoils them in the same way. FUZZ_COUNT and FUZZ_SEED say the same.
`;

const { values, wrong } = readCommandLine();
if (wrong !== undefined) {
  process.stderr.write(`${wrong}\nnpm run fuzz -- --help says how it is used.\n`);
  process.exit(2);
}
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}
if (values.count) process.env.FUZZ_COUNT = values.count;
if (values.seed) process.env.FUZZ_SEED = values.seed;
await startVitest('test', [], { config: 'vitest.fuzz.config.ts', run: true });

/** Returns what the command line and the environment say, or what is wrong with it. */
function readCommandLine() {
  try {
    const { values } = parseArgs({
      options: {
        count: { type: 'string', default: process.env.FUZZ_COUNT },
        seed: { type: 'string', default: process.env.FUZZ_SEED },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.count && !/^[1-9]\d{0,8}$/.test(values.count))
      return { wrong: `--count is a whole number from 1 to 999999999, not ${values.count}` };
    if (values.seed && !/^\d{1,9}$/.test(values.seed))
      return { wrong: `--seed is a whole number from 0 to 999999999, not ${values.seed}` };
    return { values };
  } catch (error) {
    return { wrong: error.message };
  }
}
