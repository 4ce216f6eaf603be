import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from '../../../log.js';
import type { LogStore } from '../../../store/store.js';
import { HttpError } from '../../http/http-error.js';
import { createLogFeed, type LogFeed } from './log-feed.js';

/** What {@link createLiveLogs} works with. */
export interface LiveLogsDeps {
  readonly logs: Pick<LogStore, 'read' | 'extent'>;
  /** Whether a run goes on; undefined where that is not known. */
  readonly isOpen: (run: string) => Promise<boolean | undefined>;
  readonly log: Logger;
  /** Once it is aborted, nobody is sent anything more: the server stops. */
  readonly stopping?: AbortSignal | undefined;
}

/** Which job is followed, and after which line. */
export interface Followed {
  readonly run: string;
  readonly job: string;
  readonly after: number;
}

/** Sends jobs' output to those who follow it, as it comes. */
export interface LiveLogs {
  /**
   * Answers with Server-Sent Events: `data` has lines as JSON, `id` is the number of the last one, and the event `end` says that the run
   * has ended. Throws {@link HttpError} (503) while too many follow, or the server stops.
   */
  follow(res: ServerResponse, of: Followed): void;
}

/** All those who follow a job's output. */
const MAX_FOLLOWERS = 2_000;
const EVERY_MS = 500;
/** While somebody has not been sent all that was read. */
const CATCH_UP_MS = 20;
/** How often a run is asked whether it goes on, while nothing is written. */
const ASK_MS = 3_000;
const HEARTBEAT_MS = 15_000;
const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  // nginx would keep events back until there are some kilobytes of them.
  'x-accel-buffering': 'no',
};

/** Creates what follows jobs' output. All who follow one job share one reading of the store. */
export function createLiveLogs({ logs, isOpen, log, stopping }: LiveLogsDeps): LiveLogs {
  const feeds = new Map<string, LogFeed>();
  const followers = new Set<ServerResponse>();
  stopping?.addEventListener('abort', () => {
    for (const res of followers) res.end();
  });

  /** Reads on until nobody follows any more. What fails ends the connections: browsers come again after a while. */
  const keepReading = async (name: string, feed: LogFeed, run: string) => {
    let askedAt = 0;
    let beatAt = Date.now();
    try {
      while (feed.size() > 0) {
        const news = await feed.readOn();
        await feed.send();
        if (Date.now() >= beatAt + HEARTBEAT_MS) {
          feed.beat();
          beatAt = Date.now();
        }
        if (news === 'more') continue;
        if (news === 'none' && Date.now() >= askedAt + ASK_MS) {
          askedAt = Date.now();
          // What was written until the run ended is there once it is known to have ended.
          if ((await isOpen(run)) === false && (await feed.readOn()) === 'none') feed.end();
        }
        await wait(feed.hasBehind() ? CATCH_UP_MS : EVERY_MS, undefined, { ref: false });
      }
    } catch (error) {
      log.warn({ err: error, run }, 'the output of a job could not be followed: those who do are to connect again');
      feed.cut();
    } finally {
      if (feeds.get(name) === feed) feeds.delete(name);
    }
  };

  return {
    follow(res, { run, job, after }) {
      if (stopping?.aborted || followers.size >= MAX_FOLLOWERS)
        throw new HttpError(503, 'too many follow logs here, or the server stops: try again later', {
          'retry-after': '5',
        });
      res.writeHead(200, HEADERS);
      res.write('retry: 2000\n\n');
      followers.add(res);
      res.once('close', () => followers.delete(res));
      const name = JSON.stringify([run, job]);
      const known = feeds.get(name);
      if (known) return known.add(res, after);
      const feed = createLogFeed({ logs, key: { workflowId: run, job }, after });
      feeds.set(name, feed);
      feed.add(res, after);
      void keepReading(name, feed, run);
    },
  };
}
