import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from '../../../log.js';
import type { LogStore } from '../../../store/store.js';
import { HttpError } from '../../http/http-error.js';
import { endSoon } from './end-soon.js';
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
  /** Who follows: one visitor must not take the room of all others. */
  readonly by: string;
}

/** Sends jobs' output to those who follow it, as it comes. */
export interface LiveLogs {
  /**
   * Answers with Server-Sent Events: `data` has lines as JSON, `id` is the number of the last one, and the event `end` says that the run
   * has ended. After ten minutes the connection ends without it, since who follows may look no longer: they connect again. Throws
   * {@link HttpError}: 404 where the job has written nothing, 429 while one visitor follows too many, 503 while too many follow, or the
   * server stops. A `HEAD` is answered as if somebody were to follow.
   */
  follow(res: ServerResponse, of: Followed): Promise<void>;
}

/** Of all who follow a job's output, of one visitor, and of jobs. */
const MAX_FOLLOWERS = 2_000;
const MAX_OF_ONE = 64;
const MAX_FEEDS = 200;
const MAX_FOLLOWED_MS = 10 * 60_000;
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
  'cross-origin-resource-policy': 'same-origin',
  // nginx would keep events back until there are some kilobytes of them.
  'x-accel-buffering': 'no',
};

/** Creates what follows jobs' output. All who follow one job share one reading of the store. */
export function createLiveLogs({ logs, isOpen, log, stopping }: LiveLogsDeps): LiveLogs {
  const feeds = new Map<string, LogFeed>();
  const followers = new Map<ServerResponse, string>();
  stopping?.addEventListener('abort', () => {
    for (const res of followers.keys()) endSoon(res);
  });

  const refuseTooMany = (name: string, by: string) => {
    const later = { 'retry-after': '5' };
    if (stopping?.aborted) throw new HttpError(503, 'the server stops: try again soon', later);
    if (followers.size >= MAX_FOLLOWERS || (!feeds.has(name) && feeds.size >= MAX_FEEDS))
      throw new HttpError(503, 'too many logs are followed here now: try again later, or read the log', later);
    if ([...followers.values()].filter((one) => one === by).length >= MAX_OF_ONE)
      throw new HttpError(429, `you follow ${MAX_OF_ONE} logs already: close some of them`, later);
  };

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
    async follow(res, { run, job, after, by }) {
      const key = { workflowId: run, job };
      const name = JSON.stringify([run, job]);
      if (!feeds.has(name) && !(await logs.extent(key)))
        throw new HttpError(404, 'no job of this name has written anything, or it is not kept any more');
      refuseTooMany(name, by);
      if (res.req.method === 'HEAD') return void res.writeHead(200, HEADERS).end();
      if (res.destroyed) return;
      res.writeHead(200, HEADERS);
      res.write('retry: 2000\n\n');
      followers.set(res, by);
      const over = setTimeout(() => endSoon(res), MAX_FOLLOWED_MS).unref();
      res.once('close', () => {
        clearTimeout(over);
        followers.delete(res);
      });
      // Nobody is there to be told of it, and an error that nobody listens to ends the process.
      res.on('error', () => undefined);
      const known = feeds.get(name);
      if (known) return known.add(res, after);
      const feed = createLogFeed({ logs, key, after });
      feeds.set(name, feed);
      feed.add(res, after);
      void keepReading(name, feed, run);
    },
  };
}
