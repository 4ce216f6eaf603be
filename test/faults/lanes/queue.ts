import { mostAtOnce } from '../spans.js';
import { untilSettled } from '../trial.js';
import { spansOf } from './histories.js';
import { pushInOrder } from './send.js';
import { executionsOf, kill, type LaneTrial, notOnce, told } from './trial.js';

/** Between two kills: some runs are done meanwhile. */
const REST_MS = 3_000;

/**
 * Pushes to a lane in which one runs at a time, while a receiver, the worker and Temporal are killed in turn: all run, in the order
 * of arrival, and never two at once.
 */
export const queue = ({ pushes, rounds }: { pushes: number; rounds: number }): LaneTrial => ({
  what: `${pushes} pushes to a lane that lets one run at a time; receiver, worker and Temporal are killed ${rounds} times each on the way`,
  ...{ servers: 1, workers: 1, store: 'sqlite' },
  async run(stage) {
    const { cluster, wait, say } = stage;
    const ended = async () =>
      [...(await executionsOf(cluster, 'paced')).values()].filter(([status]) => status !== 'RUNNING').length;
    const branches = Array.from({ length: pushes }, () => 'paced-1');
    const sending = pushInOrder({ ...stage, automation: 'paced' }, branches);
    // Nobody waits for it as long as somebody is killed.
    sending.catch(() => undefined);
    let before = 0;
    for (let round = 1; round <= rounds; round++)
      for (const name of ['receiver', 'worker', 'Temporal'] as const) {
        await wait(REST_MS);
        before = await ended();
        await kill(stage, name);
        say(`    ${before} of ${pushes} had ended before`);
      }
    const runs = (await sending).map(({ run }) => run);
    await untilSettled(cluster, wait);
    const spans = await spansOf(cluster.client, runs);
    const early = spans.slice(1).filter(({ from }, i) => from < (spans[i]?.to ?? Number.NaN));
    const most = mostAtOnce(spans);
    return {
      figure: `${runs.length} runs, in the order of arrival: ${early.length === 0}, at once at most: ${most}`,
      problems: [
        ...(before >= pushes ? ['all had ended before the last was killed'] : []),
        ...(most > 1 ? [`${most} ran at once`] : []),
        ...told(
          'began before the one that had arrived before it had ended',
          early.map(({ run }) => run),
        ),
        ...(await notOnce(cluster, 'paced', runs)),
      ],
    };
  },
});
