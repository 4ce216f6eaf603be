import type { ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { mapInTurns } from '../../../async/yield-to-event-loop.js';
import type { JobKey, LogLine, LogStore } from '../../../store/store.js';
import { endSoon, takesMore } from './end-soon.js';
import { type LogMarker, markersOf } from './log-groups.js';
import { shownLine } from './open-log.js';

/** The output of one job, for all who follow it. */
export interface LogFeed {
  /** Adds somebody who has the lines up to a number. They leave by closing their connection. */
  add(res: ServerResponse, after: number): void;
  size(): number;
  /** Reads what has been written since. `more`: there was more than is read at once. */
  readOn(): Promise<'none' | 'some' | 'more'>;
  /** Whether somebody has not been sent all of it: their connection took no more. */
  hasBehind(): boolean;
  /** Sends everybody what they don't have yet, as far as their connection takes it. */
  send(): Promise<void>;
  /** Keeps proxies from closing a connection on which nothing comes. */
  beat(): void;
  /** Tells everybody who has all lines that no more will come: they follow no longer. */
  end(): void;
  /** Closes all connections. */
  cut(): void;
}

/** A line of a job, as it is sent. */
interface Sent {
  readonly number: number;
  readonly json: string;
}

/** What all are sent who have the same lines. */
interface Parcel {
  /** The number of its last line. */
  readonly last: number;
  readonly bytes: Buffer;
}

/** Somebody who follows. */
interface Follower {
  readonly res: ServerResponse;
  /** The number of the last line that they were sent. */
  sent: number;
  /** Unix ms: since when their connection takes nothing more. */
  stuckSince?: number | undefined;
}

const PAGE = 500;
/** Of lines that are read and sent together, beside the last of them: lines of codes are some megabytes otherwise. */
const PAGE_CHARACTERS = 250_000;
/** The newest lines are kept for those who come a little later. */
const KEPT_LINES = 1_000;
const KEPT_CHARACTERS = 2_000_000;
const STUCK_MS = 60_000;
/** Followers that are sent something in one turn of the event loop: deliveries are answered in between. */
const TOGETHER = 20;
/** Of one round: whoever reads quickly from far back goes on in the next. */
const MAX_PARCELS = 64;

/** Creates the feed of one job. `after`: the number of the last line that is known to the first who follows. */
export function createLogFeed({
  logs,
  key,
  after,
}: {
  readonly logs: Pick<LogStore, 'read' | 'extent'>;
  readonly key: JobKey;
  readonly after: number;
}): LogFeed {
  const followers = new Set<Follower>();
  let kept: Sent[] = [];
  let last: number | undefined;
  /** By the last line that they have: whoever has as much is sent the same bytes, which are read and encoded once. */
  const parcels = new Map<number, Promise<Parcel | undefined>>();

  const read = async (from: number) => {
    const found = await logs.read(key, { after: from, limit: PAGE });
    const markers = markersOf(found);
    const lines = await mapInTurns(
      onePage(found, (line) => asSent(line, markers.get(line.number))),
      (line) => line,
    );
    return { lines, isMore: found.length === PAGE || lines.length < found.length };
  };
  const keep = (lines: readonly Sent[]) => {
    kept = [...kept, ...lines].slice(-KEPT_LINES);
    let characters = kept.reduce((sum, { json }) => sum + json.length, 0);
    while (kept.length > 1 && characters > KEPT_CHARACTERS) characters -= kept.shift()?.json.length ?? 0;
  };
  const linesAfter = async (sent: number): Promise<readonly Sent[]> => {
    if (last === undefined || sent >= last) return [];
    const first = kept[0]?.number ?? last + 1;
    if (sent < first - 1) return (await read(sent)).lines;
    const lacking = kept.filter(({ number }) => number > sent);
    return [...onePage(lacking, (line) => line)];
  };
  const parcelAfter = (sent: number): Promise<Parcel | undefined> => {
    const parcel = parcels.get(sent) ?? linesAfter(sent).then(parcelOf);
    parcels.set(sent, parcel);
    return parcel;
  };
  /** Whoever comes from far back catches up by pages of their own, and who asks for what is not there yet shifts nobody's place. */
  const begin = async () => {
    const newest = (await logs.extent(key))?.last ?? 0;
    return Math.min(Math.max(after, newest - KEPT_LINES), newest);
  };
  const isBehind = (sent: number) => last === undefined || sent < last;
  const sendTo = async (follower: Follower) => {
    const { res } = follower;
    while (takesMore(res) && isBehind(follower.sent) && (parcels.has(follower.sent) || parcels.size < MAX_PARCELS)) {
      const parcel = await parcelAfter(follower.sent);
      if (!parcel || !takesMore(res)) return;
      follower.sent = parcel.last;
      res.write(parcel.bytes);
    }
  };

  return {
    add(res, sent) {
      const follower: Follower = { res, sent };
      followers.add(follower);
      res.once('close', () => followers.delete(follower));
    },
    size: () => followers.size,
    async readOn() {
      last ??= await begin();
      const { lines, isMore } = await read(last);
      last = lines.at(-1)?.number ?? last;
      keep(lines);
      return isMore ? 'more' : lines.length > 0 ? 'some' : 'none';
    },
    hasBehind: () => [...followers].some(({ sent }) => isBehind(sent)),
    async send() {
      const now = Date.now();
      const all = [...followers];
      for (let first = 0; first < all.length; first += TOGETHER) {
        if (first > 0) await nextTurn();
        await Promise.all(
          all.slice(first, first + TOGETHER).map(async (follower) => {
            await sendTo(follower);
            follower.stuckSince = follower.res.writableNeedDrain ? (follower.stuckSince ?? now) : undefined;
            if (follower.stuckSince !== undefined && now > follower.stuckSince + STUCK_MS) follower.res.destroy();
          }),
        );
      }
      parcels.clear();
    },
    beat() {
      for (const { res } of followers) if (takesMore(res)) res.write(': still here\n\n');
    },
    end() {
      for (const follower of followers) {
        const { res, sent } = follower;
        if (isBehind(sent)) continue;
        followers.delete(follower);
        endSoon(res, `event: end\nid: ${sent}\ndata: {}\n\n`);
      }
    },
    cut() {
      for (const { res } of followers) endSoon(res);
    },
  };
}

/** JSON has no line breaks of its own. */
function parcelOf(lines: readonly Sent[]): Parcel | undefined {
  const last = lines.at(-1)?.number;
  if (last === undefined) return undefined;
  const event = `id: ${last}\ndata: [${lines.map(({ json }) => json).join(',')}]\n\n`;
  return { last, bytes: Buffer.from(event) };
}

function asSent(line: LogLine, marker: LogMarker | undefined): Sent {
  return { number: line.number, json: JSON.stringify({ ...shownLine(line), ...(marker && { marker }) }) };
}

/** Yields lines, as `make` makes them, until there are enough for one page. */
function* onePage<L>(lines: readonly L[], make: (line: L) => Sent): Generator<Sent> {
  let [count, characters] = [0, 0];
  for (const each of lines) {
    const line = make(each);
    yield line;
    count += 1;
    characters += line.json.length;
    if (count >= PAGE || characters >= PAGE_CHARACTERS) return;
  }
}
