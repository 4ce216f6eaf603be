import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChild } from './child.mjs';
import { PATH } from './path.mjs';
import { startStockTemporal, startTemporal } from './temporal.mjs';

/** What the parts of a run share. What was begun is ended, last first, by `end`. */
export async function openBench({ quick, profile, say }) {
  const folder = await mkdtemp(join(tmpdir(), 'hookyard-bench-'));
  const endings = [() => rm(folder, { recursive: true, force: true, maxRetries: 5 })];
  const onEnd = (ending) => endings.push(ending);
  const secret = randomBytes(24).toString('hex');
  return {
    quick,
    /** A folder for CPU profiles of our receivers; they are slower with it. */
    profile,
    say,
    folder,
    secret,
    onEnd,
    /** One process that all parts send from. */
    generator: once(async () => {
      const child = startChild('load/generator.mjs');
      onEnd(() => child.stop());
      const { bytes } = await child.ask('begin', { path: PATH, secret });
      return { ...child, bytes };
    }),
    /** A file-backed development server that nobody else uses. */
    temporal: once(async () => {
      const temporal = await startTemporal({ folder: join(folder, 'temporal'), say });
      onEnd(() => temporal.stop());
      return temporal;
    }),
    /** The same without any settings: what most people have who write their receiver by hand. */
    stockTemporal: once(async () => {
      const temporal = await startStockTemporal({ folder: join(folder, 'stock-temporal'), say });
      onEnd(() => temporal.stop());
      return temporal;
    }),
    async end() {
      for (const ending of endings.splice(0).toReversed()) {
        await Promise.resolve(ending()).catch((error) => say(`not ended in order: ${error.message}`));
      }
    },
  };
}

function once(make) {
  let made;
  return () => {
    made ??= make();
    return made;
  };
}
