import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fillHostileLog, fillLog, HOSTILE_LOG, LOG } from '../lib/long-log.mjs';
import { startReceiver } from '../lib/receiver.mjs';
import { atMost } from '../lib/target.mjs';
import { timedGet, timedGets } from '../lib/timed-get.mjs';
import { writeConfig } from '../lib/write-config.mjs';

/** A person notices what takes longer. */
const MAX_OPEN_MS = 300;
const ROUNDS = 20;

/** How long the page of a log of 100 MB takes to open at its failing line, search in it, and be read to its end. */
export async function longLog(bench) {
  const data = join(bench.folder, 'page-log');
  await mkdir(data, { recursive: true });
  await writeConfig(data);
  const lines = bench.quick ? 200_000 : 1_200_000;
  bench.say(`page: filling a log with ${lines} lines`);
  const { failing, bytes } = await fillLog({ path: join(data, 'hookyard.db'), lines });
  await fillHostileLog({ path: join(data, 'hookyard.db') });
  const receiver = await startReceiver(bench, { name: 'page-log' });
  try {
    const path = `/runs/${LOG.workflowId}/logs/${LOG.job}`;
    const opened = await timedGets(receiver.port, path, { rounds: ROUNDS });
    if (!opened.text.includes(`<li id="L${failing}" class="wrong at">`))
      throw new Error('the log was not opened at its failing line');
    const searched = await timedGets(receiver.port, `${path}?text=nothing+has+this`, { rounds: ROUNDS });
    const whole = await timedGet(receiver.port, `/logs/text?run=${LOG.workflowId}&job=${LOG.job}`);
    const hostile = await withOthers(receiver.port, () =>
      timedGets(receiver.port, `/runs/${HOSTILE_LOG.workflowId}/logs/${HOSTILE_LOG.job}`, { rounds: ROUNDS }),
    );
    const size = `${lines} lines, ${Math.round(bytes / 1e6)} MB`;
    return {
      targets: [atMost('n. a log of 100 MB opens at its failing line, first byte, in ms', MAX_OPEN_MS, opened.ms)],
      rows: [
        { what: 'n. a log opens at its failing line, first byte', p50: opened.ms, note: size },
        { what: 'n. a search through 200,000 of its lines', p50: searched.ms, note: size },
        { what: 'n. all of it as text', p50: whole.allMs, note: size },
        {
          what: 'n. a log of lines made to be slow opens, first byte',
          p50: hostile.answer.ms,
          note: '1,500 lines of 8 kB',
        },
        { what: 'n. another request meanwhile, the slowest', p50: hostile.slowestMs, note: '/healthz, every 10 ms' },
      ],
    };
  } finally {
    await receiver.end();
  }
}

/** Does work, and asks for something light all the while. */
async function withOthers(port, work) {
  let [isOver, slowestMs] = [false, 0];
  const others = (async () => {
    while (!isOver) {
      slowestMs = Math.max(slowestMs, (await timedGet(port, '/healthz')).allMs);
      await wait(10);
    }
  })();
  try {
    const answer = await work();
    return { answer, slowestMs };
  } finally {
    isOver = true;
    await others;
  }
}
