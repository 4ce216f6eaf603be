import { Context } from '@temporalio/activity';
import { z } from 'zod';
import { ProviderError } from '../../providers/error.js';
import type { HookLog } from '../../providers/hooks-api.js';
import { notConfigured } from '../failures.js';
import { recordProgress } from '../heartbeat.js';
import type { ReconcileDeps } from './deps.js';
import type { MissingDelivery } from './find-missing.js';

/** What became of the missing deliveries of a page. */
export interface RedeliveryCounts {
  redelivered: number;
  taken: number;
  refused: number;
}

/** What an earlier attempt of the activity has done. Its keys are not requested again. */
const progressSchema = z.object({
  keys: z.array(z.string()),
  redelivered: z.int(),
  taken: z.int(),
  refused: z.int(),
});

/** What is to be sent again, and by whom. */
export interface RedeliverOptions {
  readonly source: string;
  /** Name of the hook, among all of the source's. */
  readonly hook: string;
  readonly log: HookLog;
  readonly callsPerMinute: number;
}

/**
 * Has the provider send each missing delivery again, or stores the content that the provider kept. Each is recorded in
 * the heartbeat, so that a later attempt goes on behind it. One that is refused does not hold up the others.
 */
export async function redeliver(
  deps: Pick<ReconcileDeps, 'rateLimit' | 'ingest' | 'log'>,
  missing: readonly MissingDelivery[],
  { source, hook, log, callsPerMinute }: RedeliverOptions,
): Promise<RedeliveryCounts & { keys: readonly string[] }> {
  const earlier = progressSchema.safeParse(Context.current().info.heartbeatDetails).data;
  const progress = { keys: [], redelivered: 0, taken: 0, refused: 0, ...earlier } as RedeliveryCounts & {
    keys: string[];
  };
  recordProgress(progress);
  for (const { key, attempt } of missing.filter((one) => !progress.keys.includes(one.key))) {
    await deps.rateLimit.acquire(source, callsPerMinute);
    if (log.sendsPerMinute !== undefined) await deps.rateLimit.acquire(`${source} ${hook}`, log.sendsPerMinute);
    try {
      const outcome = await redeliverOne(deps, { source, log, key, attempt });
      progress[outcome] += 1;
    } catch (error) {
      if (!(error instanceof ProviderError) || error.kind !== 'refused') throw error;
      progress.refused += 1;
      deps.log.warn({ source, key, because: error.message }, 'a missed delivery could not be redelivered');
    }
    progress.keys.push(key);
    recordProgress(progress);
  }
  return progress;
}

async function redeliverOne(
  { ingest }: Pick<ReconcileDeps, 'ingest'>,
  { source, log, key, attempt }: Pick<RedeliverOptions, 'source' | 'log'> & MissingDelivery,
): Promise<keyof RedeliveryCounts> {
  if (log.sendAgain) {
    await log.sendAgain(attempt);
    return 'redelivered';
  }
  const content = await log.content?.(attempt);
  if (content === undefined) throw new ProviderError('refused', 'the provider no longer has its content');
  if (!ingest) throw notConfigured('this worker was started without intake, so it can store no deliveries');
  const headers = { 'content-type': 'application/json' };
  const result = await ingest.delivery({ source, key, headers, body: Buffer.from(content) });
  if (result.outcome === 'refused') throw new ProviderError('refused', result.because);
  return 'taken';
}
