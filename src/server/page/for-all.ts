import type { ServerResponse } from 'node:http';
import { createTokenBucket, type TokenBucketOptions } from '../../async/token-bucket.js';
import type { PublicRuns } from '../api/public-runs.js';
import { HttpError } from '../http/http-error.js';
import { signInFirst } from './sign-in/who-may.js';
import { createVisitorRoom, type VisitorRoom } from './visitor-room.js';

/** What all are called together who have not signed in. */
export const ANYBODY = 'anybody';

/** What is answered at a time, of one peer and to all of them: views, downloads, which may take long, and logs that are followed. */
const AT_ONCE = { ofOne: 8, ofAll: 24 };
const DOWNLOADS = { ofOne: 4, ofAll: 12 };
const FOLLOWED = { ofOne: 16, ofAll: 64 };
/** How often Temporal is asked about runs for one peer, and for all of them: a browser reads one that goes on again every three seconds. */
const RATE = { ofOne: { burst: 60, perSecond: 4 }, ofAll: { burst: 240, perSecond: 20 } };
/** Peers of which it is remembered how often they have asked. */
const MAX_PEERS = 2_000;

/** Answers those who have not signed in, about runs that everybody may look at. `peer`: whom a request comes from. */
export interface ForAll {
  /** Throws {@link HttpError}: 401 for a run that not everybody may look at, as if there were none, and 429 where the peer asks for much. */
  mustBePublic(peer: string, run: unknown): Promise<void>;
  /** Counts that Temporal is to be asked. Throws {@link HttpError} (429) where it was asked too often. */
  mayAsk(peer: string): void;
  /** Answers with something that is read soon. Throws {@link HttpError} (429). */
  read<T>(peer: string, answer: () => Promise<T>): Promise<T>;
  /** Answers with something that may take long. Throws {@link HttpError} (429). */
  download<T>(peer: string, answer: () => Promise<T>): Promise<T>;
  /** Has an answer begun that goes on until the connection ends. Resolves then. Throws {@link HttpError} (429). */
  follow(peer: string, res: Pick<ServerResponse, 'destroyed' | 'once'>, begin: () => Promise<void>): Promise<void>;
}

/** Creates it: they take no room of those who have signed in, and one peer takes none of all others. */
export function createForAll(publicRuns: PublicRuns): ForAll {
  const reading = createRoom(AT_ONCE);
  const downloading = createRoom(DOWNLOADS);
  const following = createRoom(FOLLOWED);
  const mayAsk = limitEach(RATE);
  return {
    async mustBePublic(peer, run) {
      if (typeof run !== 'string' || !publicRuns.any || !(await reading(peer, () => publicRuns.has(run))))
        signInFirst();
    },
    mayAsk(peer) {
      if (!mayAsk(peer))
        throw new HttpError(429, 'too many runs are looked at: try again in a moment', { 'retry-after': '2' });
    },
    read: reading,
    download: downloading,
    follow: (peer, res, begin) =>
      following(peer, async () => {
        if (res.destroyed) return;
        const closed = new Promise<void>((resolve) => res.once('close', () => resolve()));
        await begin();
        await closed;
      }),
  };
}

function createRoom({ ofOne, ofAll }: { readonly ofOne: number; readonly ofAll: number }): VisitorRoom {
  const own = createVisitorRoom(ofOne);
  const all = createVisitorRoom(ofAll);
  return (peer, answer) => own(peer, () => all(ANYBODY, answer));
}

/** Returns a function that tells whether a peer may ask, and counts it. What is refused to one is not counted among what all have asked for. */
function limitEach({ ofOne, ofAll }: Record<'ofOne' | 'ofAll', TokenBucketOptions>): (peer: string) => boolean {
  const mayAll = createTokenBucket(ofAll);
  /** Who has asked last is the last. */
  const buckets = new Map<string, () => boolean>();
  return (peer) => {
    const mayOne = buckets.get(peer) ?? createTokenBucket(ofOne);
    buckets.delete(peer);
    buckets.set(peer, mayOne);
    const [oldest = peer] = buckets.keys();
    if (buckets.size > MAX_PEERS) buckets.delete(oldest);
    return mayOne() && mayAll();
  };
}
