import type { Draw } from '../draw.js';
import type { Fault } from '../fault.js';
import { delays, errors, lost } from './calls.js';
import { clock } from './clock.js';
import { disk } from './disk.js';
import { empty } from './empty.js';
import { lock } from './lock.js';
import {
  receiverKilled,
  receiverStopped,
  temporalKilled,
  temporalStopped,
  workerKilled,
  workerStopped,
} from './process.js';
import { slow } from './slow.js';

/** Makes a fault of its kind. */
export type Kind = (draw: Draw) => Fault;

/** By the name that `--only` takes. */
export const kinds: Readonly<Record<string, Kind>> = {
  'receiver-killed': (draw) => receiverKilled(draw),
  'receiver-stopped': receiverStopped,
  'worker-killed': (draw) => workerKilled(draw),
  'worker-stopped': workerStopped,
  'temporal-killed': temporalKilled,
  'temporal-stopped': temporalStopped,
  'temporal-emptied': empty,
  slow,
  delays,
  errors,
  lost,
  disk,
  lock,
  clock,
};
/** Those that only a store in a file can have. */
export const FILE_ONLY: readonly string[] = ['disk'];

/** The kinds that a name of the command line means: one, or those of a process: `receiver`. */
export function kindsNamed(name: string): readonly string[] {
  return Object.keys(kinds).filter((kind) => kind === name || kind.startsWith(`${name}-`));
}
