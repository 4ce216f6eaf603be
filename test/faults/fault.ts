import type { Cluster } from './cluster.js';
import type { Member } from './member.js';

/** Something that goes wrong, with all that chance decides about it decided. */
export interface Fault {
  /** In words, for who watches. */
  readonly what: string;
  /** Does it, and undoes it: when it resolves, everything is there again. */
  run(scene: Scene): Promise<void>;
  /**
   * Lines that the servers' logs must hold together once it is over, by their message: at least one of each, and at most
   * one of each per server.
   */
  readonly told?: readonly string[];
}

/** What a fault has to do with. */
export interface Scene {
  readonly cluster: Cluster;
  /** Resolves after the time, or rejects at once when the whole test is ended. */
  readonly wait: (ms: number) => Promise<void>;
  /** Temporal has lost its memory: what had been started by now is not expected of it any more. */
  readonly forget: (pending: readonly { readonly run: string; readonly attempts: number }[]) => Promise<void>;
  /** Runs that were open when a worker was killed have ended, so many milliseconds later; or some had not, by then. */
  readonly wentOn: (after: { readonly runs: number; readonly ms: number; readonly all: boolean }) => void;
}

/** One of the members, by the number that was drawn: it may be more than there are. */
export function chosen(members: readonly Member[], number: number): Member {
  const member = members[number % members.length];
  if (!member) throw new Error('there is no process to choose from');
  return member;
}

/** The lines of an outage of Temporal that the dispatcher notices, see src/dispatch/dispatcher.ts. */
export const AWAY_AND_BACK = [
  'Temporal is unavailable: deliveries are stored and wait',
  'Temporal is available again: what waited is started',
];
