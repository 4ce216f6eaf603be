import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import type { Mask } from '../secrets/mask.js';
import { maskData, maskError } from '../secrets/mask-values.js';

/**
 * Returns what hides secrets in all that an activity gives back, ours or an author's: its result, the details
 * of its heartbeats, and the failure that Temporal keeps in the history. A service may quote what it was sent.
 */
export function maskActivities(mask: Mask): ActivityInterceptorsFactory {
  return (context) => {
    const { heartbeat } = context;
    // Also what the function of the same name calls.
    Object.defineProperty(context, 'heartbeat', { value: (details: unknown) => heartbeat(maskData(details, mask)) });
    return {
      inbound: {
        async execute(input, next) {
          try {
            return maskData(await next(input), mask);
          } catch (error) {
            throw maskError(error, mask);
          }
        },
      },
    };
  };
}
