import { untilSettled } from '../trial.js';
import { pushInOrder } from './send.js';
import { executionsOf, type LaneTrial, told, untilThere } from './trial.js';

const MOST_STARTS = 4;
const THERE_MS = 60_000;

/**
 * Pushes to a lane that keeps the newest, while the first has the slot: the first and the last run, and each of the others says which
 * has taken its place, without a start in Temporal.
 */
export const newest = ({ pushes }: { pushes: number }): LaneTrial => ({
  what: `${pushes} pushes to a lane that keeps the newest`,
  ...{ servers: 1, workers: 1, store: 'sqlite' },
  async run(stage) {
    const { cluster, wait } = stage;
    const branches = Array.from({ length: pushes }, () => 'first-1');
    const runs = (await pushInOrder({ ...stage, automation: 'heldNewest' }, branches)).map(({ run }) => run);
    const [first = '', ...others] = runs;
    const last = others.pop() ?? '';
    for (const run of [first, last]) {
      await untilThere(cluster.client, run, { wait, withinMs: THERE_MS });
      await cluster.client.workflow.getHandle(run).signal('go-on');
    }
    await untilSettled(cluster, wait);
    const executions = await executionsOf(cluster, 'heldNewest');
    const starts = [...executions.values()].flat().length;
    const places = new Map((await cluster.books.places()).map((place) => [place.run, place]));
    const isSuccessor = (run: string, i: number) => places.get(run)?.by === (others[i + 1] ?? last);
    return {
      figure: `2 ran, ${others.length} were superseded, and Temporal counted ${starts} starts`,
      problems: [
        ...(starts > MOST_STARTS ? [`Temporal counted ${starts} starts`] : []),
        ...told(
          'did not complete once',
          [first, last].filter((run) => executions.get(run)?.join() !== 'COMPLETED'),
        ),
        ...told(
          'does not say which has taken its place',
          others.filter((run, i) => places.get(run)?.state !== 'superseded' || !isSuccessor(run, i)),
        ),
      ],
    };
  },
});
