import { resolve } from 'node:path';
import { startBrowser } from '../server/page/browser.js';
import { closers } from '../support/harness/closers.js';
import { HELP, readOptions, UsageError } from './options.js';
import { photographer } from './photographer.js';
import { openScene } from './scene.js';
import { emptyShots, shotsOf } from './shots.js';
import { play } from './story.js';

/** `npm run screenshots`: an image of each view, with what a Hookyard shows that has something to do. */
const ending = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => ending.abort());
const say = (line: string) => void process.stdout.write(`${line}\n`);
const { add, close } = closers();

try {
  process.exitCode = await main();
} catch (error) {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\nnpm run screenshots -- --help says how it is used.\n`);
    process.exitCode = 2;
  } else {
    say(ending.signal.aborted ? 'Ended early: not all images were made.' : String((error as Error).stack));
    process.exitCode = ending.signal.aborted ? 130 : 1;
  }
} finally {
  await close();
}
// A library's timer must not keep the process.
setTimeout(() => process.exit(), 2_000).unref();

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const out = resolve(options.out);
  const { signal } = ending;
  const browser = add(await startBrowser());
  say('Starting Hookyard, with a Temporal of its own …');
  const scene = add(await openScene({ say, signal }));
  const { photograph, count } = await photographer({ browser, url: scene.url, out, only: options.only, say, signal });
  for (const shot of emptyShots) await photograph(shot);
  say('Sending deliveries, and waiting for what comes of them …');
  for (const shot of shotsOf(await play(scene))) await photograph(shot);
  if (count() === 0) throw new UsageError(`no image has ${options.only.join(' or ')} in its name`);
  say(`${count()} images are in ${out}`);
  return 0;
}
