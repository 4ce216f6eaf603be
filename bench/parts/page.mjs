import { mkdir, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { median } from '../lib/figures.mjs';
import { fillHostileLog, fillLog, HOSTILE_LOG, LOG } from '../lib/long-log.mjs';
import { startReceiver } from '../lib/receiver.mjs';
import { atMost } from '../lib/target.mjs';

/** A person notices what takes longer. */
const MAX_OPEN_MS = 300;
const ROUNDS = 20;

/** n. How long the page of a log of 100 MB takes to open at its failing line, search in it, and be read to its end. */
export async function page(bench) {
  const data = join(bench.folder, 'page');
  await mkdir(data, { recursive: true });
  await writeFile(
    join(data, 'hookyard.config.ts'),
    `export default ${JSON.stringify({ sources: { github: { kind: 'github', secrets: [{ env: 'GITHUB_WEBHOOK_SECRET' }] } } })};\n`,
  );
  const lines = bench.quick ? 200_000 : 1_200_000;
  bench.say(`page: filling a log with ${lines} lines`);
  const { failing, bytes } = await fillLog({ path: join(data, 'hookyard.db'), lines });
  await fillHostileLog({ path: join(data, 'hookyard.db') });
  const receiver = await startReceiver(bench, { name: 'page' });
  try {
    const path = `/runs/${LOG.workflowId}/logs/${LOG.job}`;
    const opened = await rounds(receiver.port, path);
    if (!opened.text.includes(`<li id="L${failing}" class="wrong at">`))
      throw new Error('the log was not opened at its failing line');
    const searched = await rounds(receiver.port, `${path}?text=nothing+has+this`);
    const whole = await answered(receiver.port, `/logs/text?run=${LOG.workflowId}&job=${LOG.job}`);
    const hostile = await withOthers(receiver.port, () =>
      rounds(receiver.port, `/runs/${HOSTILE_LOG.workflowId}/logs/${HOSTILE_LOG.job}`),
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

async function rounds(port, path) {
  const times = [];
  let text = '';
  for (let round = 0; round < ROUNDS; round++) {
    const answer = await answered(port, path);
    times.push(answer.firstMs);
    text = answer.text;
  }
  return { ms: median(times), text };
}

/** Does work, and asks for something light all the while. */
async function withOthers(port, work) {
  let [isOver, slowestMs] = [false, 0];
  const others = (async () => {
    while (!isOver) {
      slowestMs = Math.max(slowestMs, (await answered(port, '/healthz')).allMs);
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

/** Milliseconds until the first byte and until the last; the text of a page. */
function answered(port, path) {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const req = get({ host: '127.0.0.1', port, path, headers: { accept: 'text/html' }, agent: false }, async (res) => {
      const firstMs = performance.now() - began;
      const isPage = String(res.headers['content-type']).startsWith('text/html');
      let text = '';
      for await (const chunk of res) if (isPage) text += chunk;
      if (res.statusCode !== 200) return reject(new Error(`${path} was answered with ${res.statusCode}: ${text}`));
      resolve({ firstMs, allMs: performance.now() - began, text });
    });
    req.once('error', reject);
  });
}
