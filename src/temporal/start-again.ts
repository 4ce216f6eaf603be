import { setTimeout as wait } from 'node:timers/promises';
import { type Backoff, backoffMs } from '../async/backoff.js';
import type { Logger } from '../log.js';

/** What {@link createStartAgain} works with. */
export interface StartAgainDeps {
  readonly log: Pick<Logger, 'error' | 'info'>;
  /** The file that the server keeps its runs in. */
  readonly database: string;
  /** Aborted when the server is to be started no more. */
  readonly stopping: AbortSignal;
  /** Whether something has its port. It is asked while the server is not there, so that it is another's. */
  readonly isTaken: () => Promise<boolean>;
  /** Called when the port is another's: then the server is started no more. */
  readonly onTaken: () => void;
}

/** Starts a server until it is up, or is to be started no more. Never rejects. Its process has ended when this is called. */
export type StartAgain = (launch: () => Promise<void>, ended: Ended) => Promise<void>;

/** How a server ended. */
export interface Ended {
  readonly how: string;
  /** Whether people are told at once what to do: it was not even up. */
  readonly neverUp?: boolean;
}

/** How often it is looked in a pause whether another has taken the port: what is connected to it would join that one. */
const LOOK_MS = 500;
const PAUSE: Backoff = { firstMs: 500, maxMs: 60_000 };
/** The pauses grow with how often it ended within this time. */
const WITHIN_MS = 10 * 60_000;
/** So often within that time: it does not come right by itself, and people are told what to do. */
const HELP_AT = 5;

/**
 * Returns what starts a server again after it has ended, with pauses that grow to a minute, for as long as it takes: without
 * Temporal deliveries are stored and answered all the same. Not on a port that is another's by now: who has it may have it for
 * ever, and may be a Temporal with the runs of others.
 */
export function createStartAgain({ log, database, stopping, isTaken, onTaken }: StartAgainDeps): StartAgain {
  let ends: number[] = [];
  /** Waits; returns whether another has taken the port by then. Ends at once when the server is to be started no more. */
  const pause = async (ms: number): Promise<boolean> => {
    const until = Date.now() + ms;
    for (;;) {
      if (await isTaken()) return true;
      const left = until - Date.now();
      if (left <= 0 || stopping.aborted) return false;
      // Rejects when it is to be started no more.
      await wait(Math.min(left, LOOK_MS), undefined, { signal: stopping }).catch(() => undefined);
    }
  };
  return async (launch, { how, neverUp = false }) => {
    let because = how;
    let help = neverUp;
    while (!stopping.aborted) {
      const now = Date.now();
      ends = [...ends.filter((at) => at > now - WITHIN_MS), now];
      const pauseMs = backoffMs(ends.length, PAUSE);
      log.error({ how: because, pauseMs }, 'the Temporal server ended: starting it again');
      if (help || ends.length === HELP_AT) log.error({ how: because, file: database }, HELP);
      help = false;
      const taken = await pause(pauseMs);
      if (stopping.aborted) return;
      if (taken) return onTaken();
      try {
        await launch();
        log.info('the Temporal server is up again');
        return;
      } catch (error) {
        because = (error as Error).message;
      }
    }
  };
}

const HELP =
  'Temporal does not come up: deliveries are stored and answered, and their runs wait until it does. If its file is damaged, stop Hookyard, bring the file back from a backup (docs/backup.md) or move it and those beside it away, which loses the runs in it, and start again';
