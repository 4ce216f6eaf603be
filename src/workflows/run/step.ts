import { isCancellation } from '@temporalio/workflow';
import { plain } from '../../events/markdown.js';
import { reasonOf } from './failure.js';
import { story } from './progress.js';

/** Runs a step and tells how it went. Passes the error on. */
export function told<T>(what: string, work: () => Promise<T>, inWords?: (result: T) => string): Promise<T> {
  return story.partOf(tell(what, work, inWords));
}

async function tell<T>(what: string, work: () => Promise<T>, inWords?: (result: T) => string): Promise<T> {
  const step = story.begin(what);
  try {
    const result = await work();
    step.end('passed', inWords?.(result));
    return result;
  } catch (error) {
    const cancelled = isCancellation(error);
    step.end(cancelled ? 'cancelled' : 'error', cancelled ? '' : plain(reasonOf(error)));
    throw error;
  }
}
