import type { HostStep } from '../../activities/contract/index.js';
import { truncate } from '../../events/truncate.js';
import { bytesOf } from './message-room.js';

/** In bytes, as JSON: of all steps together. They stand in the history once more. */
const MAX_TOLD = 256 * 1024;
/** In characters: of the name of one for which there is no room. */
const MAX_NAME = 200;

/** Returns all steps of a job as far as there is room to tell them, the shortest first: of the others the name alone. */
export function toldSteps(steps: readonly HostStep[]): readonly HostStep[] {
  const sizes = steps.map(bytesOf);
  let room = MAX_TOLD;
  const fits = new Set<number>();
  for (const [i, size] of [...sizes.entries()].sort(([, a], [, b]) => a - b)) {
    if (size > room) break;
    room -= size;
    fits.add(i);
  }
  return steps.map((step, i) => (fits.has(i) ? step : { name: truncate(step.name, MAX_NAME), run: '' }));
}
