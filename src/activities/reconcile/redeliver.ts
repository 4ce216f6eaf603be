import { Context } from '@temporalio/activity';
import { z } from 'zod';
import type { HookLog } from '../../providers/api.js';
import { ProviderError } from '../../providers/error.js';
import { notConfigured } from '../failures.js';
import type { ReconcileDeps } from './deps.js';
import type { Missing } from './missing.js';
import { note } from './rate-limit.js';

/** What became of the missing deliveries of a page. */
export interface Brought {
  redelivered: number;
  taken: number;
  refused: number;
}

/** What an earlier attempt of the activity has done. Its keys are not asked for again. */
const progressSchema = z.object({
  keys: z.array(z.string()),
  redelivered: z.int(),
  taken: z.int(),
  refused: z.int(),
});

export interface Bringing {
  readonly source: string;
  /** Name of the hook, among all of the source's. */
  readonly hook: string;
  readonly log: HookLog;
  readonly callsPerMinute: number;
}

/**
 * Has the provider send each missing delivery once more, or takes in what the provider tells of it. Each is noted in the
 * heartbeat: an attempt after this one goes on behind it. One that is refused holds up none of the others.
 */
export async function bringBack(
  deps: Pick<ReconcileDeps, 'pace' | 'ingest' | 'log'>,
  missing: readonly Missing[],
  { source, hook, log, callsPerMinute }: Bringing,
): Promise<Brought & { keys: readonly string[] }> {
  const earlier = progressSchema.safeParse(Context.current().info.heartbeatDetails).data;
  const progress = { keys: [], redelivered: 0, taken: 0, refused: 0, ...earlier } as Brought & { keys: string[] };
  note(progress);
  for (const { key, attempt } of missing.filter((one) => !progress.keys.includes(one.key))) {
    await deps.pace.turn(source, callsPerMinute);
    if (log.sendsPerMinute !== undefined) await deps.pace.turn(`${source} ${hook}`, log.sendsPerMinute);
    try {
      const how = await bringOne(deps, { source, log, attempt });
      progress[how] += 1;
    } catch (error) {
      if (!(error instanceof ProviderError) || error.kind !== 'refused') throw error;
      progress.refused += 1;
      deps.log.warn({ source, key, because: error.message }, 'a missed delivery does not come back');
    }
    progress.keys.push(key);
    note(progress);
  }
  return progress;
}

async function bringOne(
  { ingest }: Pick<ReconcileDeps, 'ingest'>,
  { source, log, attempt }: Pick<Bringing, 'source' | 'log'> & { attempt: string },
): Promise<keyof Brought> {
  if (log.sendAgain) {
    await log.sendAgain(attempt);
    return 'redelivered';
  }
  const content = await log.content?.(attempt);
  if (content === undefined) throw new ProviderError('refused', 'the provider does not have its content any more');
  if (!ingest) throw notConfigured('this worker was started without a way to take deliveries in');
  const headers = { 'content-type': 'application/json' };
  const taken = await ingest.delivery({ source, headers, body: Buffer.from(content) });
  if (taken.outcome === 'refused') throw new ProviderError('refused', taken.because);
  return 'taken';
}
