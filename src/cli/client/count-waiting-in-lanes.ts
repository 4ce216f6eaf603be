import { calledHere } from '../format/called-here.js';
import { counted } from '../format/counted.js';
import type { Api } from './api.js';

/** As many as the server lists at once. */
const LANES = 500;

/**
 * Returns how many runs wait in lanes, in words, and what shows them; undefined where none does. Temporal does not know those that have
 * not begun.
 */
export async function waitInLanes(api: Pick<Api, 'lanes'>): Promise<string | undefined> {
  const { lanes, next } = await api.lanes({ limit: LANES });
  const count = lanes.reduce((sum, { entries }) => sum + entries.filter(({ state }) => state === 'waits').length, 0);
  if (count === 0) return undefined;
  return `${next === undefined ? '' : 'over '}${counted(count, 'run waits', 'runs wait')} in lanes: ${calledHere()} lanes lists them`;
}
