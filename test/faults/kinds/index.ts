import type { Draw } from '../draw.js';
import type { Fault } from '../fault.js';
import { clock } from './clock.js';
import { disk } from './disk.js';
import { empty } from './empty.js';
import { lock } from './lock.js';
import { receiver, temporal, worker } from './process.js';
import { slow } from './slow.js';

/** Makes a fault of its kind. */
export type Kind = (draw: Draw) => Fault;

/** By the name that `--only` takes. */
export const kinds: Readonly<Record<string, Kind>> = { receiver, worker, temporal, disk, lock, clock, slow, empty };
/** Those that only a store in a file can have. */
export const FILE_ONLY: readonly string[] = ['disk'];
