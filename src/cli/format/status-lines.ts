import { describe } from '../../events/describe.js';
import type { OverviewAnswer, ReadinessAnswer, SourceOverview } from '../../server/api/contract.js';
import { calledHere, typedHere } from './called-here.js';
import { counted } from './counted.js';
import { field } from './field.js';
import { harmless, paint } from './paint.js';
import { runLines } from './run-lines.js';

/** Formats what is broken, what runs and what waits, and how the sources do. `inLanes`: how many runs wait in lanes, where some do. */
export function statusLines(overview: OverviewAnswer, inLanes?: string): string[] {
  const { health, red, stuck, running = [], waiting = [], failedDeliveries, counts, arrivals, sources } = overview;
  const sum = arrivals.perMinute.reduce((all, count) => all + count, 0);
  const span = arrivals.complete ? 'the last hour' : `the last ${counted(arrivals.perMinute.length, 'minute')}`;
  return [
    field('Store', stateOf(health.store)),
    field('Temporal', stateOf(health.temporal)),
    ...workerOf(overview),
    ...backlogOf(health),
    field('Came in', `${counted(sum, 'delivery', 'deliveries')} in ${span}`),
    ...unknownOf(overview),
    ...titled(
      'Stuck',
      (stuck ?? []).map(({ run, because, helps }) => harmless(`${run}: ${because}; ${typedHere(helps)}`)),
    ),
    ...titled(
      'Could not be started',
      failedDeliveries.map(({ id, events }) => harmless(`${id}  ${events.map(describe).join('; ')}`)),
    ),
    ...titled('Failed in the last 24 hours', [
      ...runLines(red ?? []),
      ...moreOf({ listed: red, all: counts?.red, by: '--outcome red --ended-since 24h' }),
    ]),
    ...titled('Running', [
      ...runLines(running),
      ...moreOf({ listed: running, all: counts?.running, by: '--waiting nothing' }),
    ]),
    ...titled('Waiting', [
      ...runLines(waiting),
      ...moreOf({ listed: waiting, all: counts?.waiting, by: '--waiting' }),
      ...(inLanes === undefined ? [] : [inLanes]),
    ]),
    ...titled('Sources', sources.map(sourceLine)),
  ];
}

/** Says how many runs are not listed, and by which option `hookyard runs` lists them. */
function moreOf(of: {
  readonly listed: readonly unknown[] | undefined;
  readonly all: number | undefined;
  readonly by: string;
}): string[] {
  const more = (of.all ?? 0) - (of.listed?.length ?? 0);
  return more > 0 ? [`and ${more} more: ${calledHere()} runs ${of.by}`] : [];
}

function unknownOf({ health, red, stuck }: OverviewAnswer): string[] {
  if (!red)
    return [
      `Temporal ${health.temporal === 'away' ? 'does not answer' : 'did not list runs in time'}, so nothing is known of runs`,
    ];
  return stuck ? [] : ['Temporal was too slow to tell whether runs are stuck'];
}

function workerOf({ health, workers }: OverviewAnswer): string[] {
  if (health.worker) return [field('Worker', stateOf(health.worker))];
  if (workers === undefined) return [];
  return [field('Workers', workers > 0 ? String(workers) : paint('red', 'none: nothing begins until one is there'))];
}

function titled(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`)];
}

function stateOf(state: string): string {
  return paint(state === 'answers' || state === 'runs' ? 'green' : 'red', state);
}

function backlogOf({ waiting, failed }: ReadinessAnswer): string[] {
  if (waiting === undefined) return [];
  const dead = failed ? `, ${paint('red', `${failed} could not be started`)}` : '';
  return [field('Starts', `${waiting} to be started${dead}`)];
}

function sourceLine({ name, kind, enabled, lastDelivery, lastLook, limited }: SourceOverview): string {
  const at = (time: number | string) => new Date(time).toISOString().slice(0, 19).replace('T', ' ');
  return harmless(
    [
      `${name} (${kind})${enabled ? '' : ', off'}`,
      lastDelivery ? `last delivery ${at(lastDelivery.receivedAt)}` : 'no delivery yet',
      ...(lastLook
        ? [`last look for missed ones ${at(lastLook.endedAt ?? lastLook.startedAt)}, ${lastLook.status}`]
        : []),
      ...(limited === undefined ? [] : [`${limited} refused for its limit`]),
    ].join(', '),
  );
}
