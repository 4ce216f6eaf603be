import { type Client, isGrpcServiceError } from '@temporalio/client';
import { backoffMs } from '../async/backoff.js';
import { retry } from '../async/retry.js';
import type { Logger } from '../log.js';
import { attributesCommand } from '../runs/search-attributes.js';

/** The numbers of `temporal.api.enums.v1.IndexedValueType`. */
const TYPES = { Keyword: 2, Int: 3 } as const;
const DEADLINE_MS = 10_000;
const WANTED_RETENTION_DAYS = 8;

/** gRPC's DEADLINE_EXCEEDED and UNAVAILABLE. */
const AWAY: readonly number[] = [4, 14];
/** With the pauses, about an hour. */
const MAX_TRIES = 85;
const PAUSE = { firstMs: 1_000, maxMs: 60_000 };

interface Wanted {
  readonly attributes: readonly { readonly name: string; readonly type: keyof typeof TYPES }[];
  readonly log: Logger;
  readonly ownServer: boolean;
  /** Whether it is waited for while it is away: by default, where it is not Hookyard's own. */
  readonly patient?: boolean;
}

/**
 * Adds the search attributes of runs to the namespace, and warns if it forgets runs too soon. Where Hookyard lacks the
 * permission, a warning has the command for an operator. A server that is waited for is tried again for
 * about an hour, without keeping the process alive.
 */
export async function prepareNamespace(client: Client, wanted: Wanted): Promise<void> {
  const isAway = (error: unknown) => isGrpcServiceError(error) && AWAY.includes(error.code);
  const { patient = !wanted.ownServer } = wanted;
  await retry(() => prepareOnce(client, wanted), {
    again: (error, tries) => patient && isAway(error) && tries < MAX_TRIES,
    pauseMs: (tries) => backoffMs(tries, PAUSE),
    ref: false,
  });
}

async function prepareOnce(client: Client, { attributes, log, ownServer }: Wanted): Promise<void> {
  const namespace = client.options.namespace;
  const { workflowService, operatorService } = client.connection as Client['connection'] & {
    operatorService?: import('@temporalio/client').OperatorService;
  };
  await client.withDeadline(Date.now() + DEADLINE_MS, async () => {
    const { config } = await workflowService.describeNamespace({ namespace });
    const days = Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0) / 86_400;
    if (days < WANTED_RETENTION_DAYS && ownServer) {
      await workflowService.updateNamespace({
        namespace,
        config: { workflowExecutionRetentionTtl: { seconds: (30 * 86_400) as never } },
      });
    } else if (days < WANTED_RETENTION_DAYS) {
      log.warn(
        `the namespace ${namespace} forgets runs after ${days.toFixed(1)} days; providers redeliver for up to 7: temporal operator namespace update -n ${namespace} --retention 720h`,
      );
    }
    if (!operatorService) return;
    const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
    const missing = attributes.filter(({ name }) => !(name in (customAttributes ?? {})));
    if (missing.length === 0) return;
    await operatorService
      .addSearchAttributes({
        namespace,
        searchAttributes: Object.fromEntries(missing.map(({ name, type }) => [name, TYPES[type]])),
      })
      .catch((error: Error) => {
        log.warn(
          `search attributes are missing and can't be added (${error.message}); run: ${attributesCommand(namespace, missing)}`,
        );
      });
  });
}
