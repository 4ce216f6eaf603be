import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startChild } from '../lib/child.mjs';
import { medianOf } from '../lib/figures.mjs';
import { interleaved } from '../lib/interleaved.mjs';
import { startReceiver } from '../lib/receiver.mjs';
import { rowOf } from '../lib/row.mjs';
import { atMost } from '../lib/target.mjs';
import { writeConfig } from '../lib/write-config.mjs';

const VIEWERS = 200;
const CONNECTIONS = 32;
/** Answers take no longer for who looks on. */
const MAX_P99 = 1.3;
/** A job that prints much: 400 lines of 100 characters a second, in parts as a worker brings them. */
const LOG = { workflowId: 'ci/github/live', job: 'test', everyMs: 100, lines: 40 };
/** Whoever it names has signed in: one person alone may not follow so many logs. */
const HEADER = 'x-forwarded-user';

/** How soon deliveries are answered while nobody looks, and while 200 people follow a log that is written all the time in both cases. */
export async function viewers(bench) {
  const generator = await bench.generator();
  const folder = join(bench.folder, 'page-viewers');
  await mkdir(folder, { recursive: true });
  const signIn = { proxy: { header: HEADER, viewers: ['*'] } };
  await writeConfig(folder, { server: { trustedProxies: ['127.0.0.1'], signIn } });
  const receiver = await startReceiver(bench, { name: 'page-viewers' });
  const looking = startChild('load/viewers.mjs');
  bench.onEnd(() => looking.stop());
  const path = `/logs/live?run=${LOG.workflowId}&job=${LOG.job}`;
  try {
    await receiver.load(generator, { connections: 8, count: 1_500 });
    await receiver.ask('print', LOG);
    const load = () => receiver.load(generator, { connections: CONNECTIONS, seconds: bench.quick ? 3 : 8 });
    const looked = async () => {
      const after = await receiver.ask('printed');
      await looking.ask('look', {
        port: receiver.port,
        path: `${path}&after=${after}`,
        count: VIEWERS,
        header: HEADER,
      });
      try {
        const found = await load();
        const { caughtUp, bytes } = await looking.ask('seen', { line: await receiver.ask('printed') });
        if (caughtUp < VIEWERS) throw new Error(`${VIEWERS - caughtUp} of ${VIEWERS} viewers were not sent the log`);
        return { ...found, bytes };
      } finally {
        await looking.ask('leave');
      }
    };
    const rounds = await interleaved({ alone: load, looked }, { rounds: bench.quick ? 2 : 5, say: bench.say });
    const ratio = medianOf(rounds, ({ alone, looked }) => looked.p99 / alone.p99);
    const megabytes = Math.round(medianOf(rounds, ({ looked }) => looked.bytes) / 1e6);
    return {
      targets: [atMost(`n. p99 with ${VIEWERS} viewers of a live log / without, at ${CONNECTIONS}`, MAX_P99, ratio)],
      rows: [
        rowOf(
          'n. receiver, a log is written',
          CONNECTIONS,
          rounds.map(({ alone }) => alone),
        ),
        {
          ...rowOf(
            `n. the same, ${VIEWERS} follow it`,
            CONNECTIONS,
            rounds.map(({ looked }) => looked),
          ),
          note: `${megabytes} MB sent to them`,
        },
      ],
    };
  } finally {
    await looking.stop();
    await receiver.end();
  }
}
