import { mostAtOnce } from '../spans.js';
import { untilSettled } from '../trial.js';
import { spansOf } from './histories.js';
import { pushInOrder } from './send.js';
import { kill, type LaneTrial, notOnce } from './trial.js';

const SENDERS = 8;
/** Of the automation. */
const LIMIT = 2;

/** Pushes to many lanes of two, on two servers and two workers, of which one each is killed: no lane is ever over its limit. */
export const many = ({ pushes, lanes }: { pushes: number; lanes: number }): LaneTrial => ({
  what: `${pushes} pushes to ${lanes} lanes that let ${LIMIT} run at once, on two servers and two workers with Postgres, of which one each is killed`,
  ...{ servers: 2, workers: 2, store: 'postgres' },
  async run(stage) {
    const { cluster, wait } = stage;
    const branches = Array.from({ length: pushes }, (_, i) => `paired-${i % lanes}`);
    const sending = Array.from({ length: SENDERS }, (_, sender) =>
      pushInOrder(
        { ...stage, automation: 'paired' },
        branches.filter((_branch, i) => i % SENDERS === sender),
      ),
    );
    const sent = Promise.all(sending);
    // Nobody waits for it as long as somebody is killed.
    sent.catch(() => undefined);
    await wait(1_000);
    await kill(stage, 'receiver', 0);
    await kill(stage, 'worker', 1);
    const pushed = (await sent).flat();
    await untilSettled(cluster, wait);
    const spans = await spansOf(
      cluster.client,
      pushed.map(({ run }) => run),
    );
    const most = [...new Set(branches)].map((branch) => ({
      branch,
      most: mostAtOnce(spans.filter((_, i) => pushed[i]?.branch === branch)),
    }));
    const over = most.filter((lane) => lane.most > LIMIT);
    return {
      figure: `${pushed.length} runs, lanes over limit ${over.length}, at once at most ${Math.max(...most.map((lane) => lane.most))}`,
      problems: [
        ...over.map((lane) => `${lane.branch} had ${lane.most} runs at once`),
        ...(await notOnce(
          cluster,
          'paired',
          pushed.map(({ run }) => run),
        )),
      ],
    };
  },
});
