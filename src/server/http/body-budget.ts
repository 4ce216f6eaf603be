/** Bounds how many bytes of request bodies are in memory at one time, over all requests. */
export interface BodyBudget {
  /** Returns a request's share, which is empty at first, and is the request's until it is released. */
  open(): BodyShare;
}

/** One request's part of the budget. */
export interface BodyShare {
  /**
   * Makes the share `bytes` larger, if need be at the cost of bodies that nobody has verified; returns false if there is no
   * room all the same.
   */
  take(bytes: number): boolean;
  /** Sets the memory that {@link release} frees. */
  holds(memory: { free(): void }): void;
  /** Lets others have the share, until {@link keep} is called: nobody has verified yet what it holds. */
  lend(body: UnverifiedBody): void;
  /** Keeps the share from others: its body is whole. */
  keep(): void;
  /** Gives everything back, and frees the memory. */
  release(): void;
}

/** A body that is still arriving, from a sender who is not known. */
export interface UnverifiedBody {
  /** Who sends it, as room is counted. */
  readonly peer: string;
  /** Returns how many bytes came in the last second; infinite in the body's first one. */
  pace(): number;
  /** Ends the request. Called when others were given its share. */
  giveUp(): void;
}

/** A body that is slower than this only holds memory: providers send theirs at once. */
export const LEAST_BYTES_A_SECOND = 32 * 1024;

/** Real deliveries are hardly ever larger. */
const SMALL_BYTES = 256 * 1024;

interface Share {
  bytes: number;
  memory: { free(): void } | undefined;
  body: UnverifiedBody | undefined;
}

/**
 * Creates a budget of `maxBytes`. A quarter of it is kept for small bodies, since a few huge ones must not turn away all
 * others. When room is short, bodies that nobody has verified make room: first those that hardly move, then those of the
 * sender that holds most, the slowest first.
 */
export function createBodyBudget(maxBytes: number): BodyBudget {
  const maxLarge = maxBytes * 0.75;
  let used = 0;
  let usedByLarge = 0;
  /** Oldest first. */
  const lent = new Set<Share>();
  const lentTo = new Map<string, number>();

  function resize(share: Share, bytes: number): void {
    used += bytes - share.bytes;
    usedByLarge += largePart(bytes) - largePart(share.bytes);
    if (share.body) {
      const held = (lentTo.get(share.body.peer) ?? 0) + bytes - share.bytes;
      if (held > 0) lentTo.set(share.body.peer, held);
      else lentTo.delete(share.body.peer);
    }
    share.bytes = bytes;
  }

  function keep(share: Share): void {
    const { bytes } = share;
    resize(share, 0);
    lent.delete(share);
    share.body = undefined;
    resize(share, bytes);
  }

  function release(share: Share): void {
    share.memory?.free();
    share.memory = undefined;
    resize(share, 0);
    keep(share);
  }

  function isSlower(one: UnverifiedBody, other: UnverifiedBody): boolean {
    const [pace, otherPace] = [one.pace(), other.pace()];
    const hardlyMoves = pace < LEAST_BYTES_A_SECOND;
    if (hardlyMoves !== otherPace < LEAST_BYTES_A_SECOND) return hardlyMoves;
    const [held, otherHeld] = [lentTo.get(one.peer) ?? 0, lentTo.get(other.peer) ?? 0];
    return held === otherHeld ? pace < otherPace : held > otherHeld;
  }

  /** Returns whose share others get; undefined if nobody's. */
  function slowest(onlyLarge: boolean): Share | undefined {
    let found: Share | undefined;
    for (const share of lent) {
      if (share.bytes === 0 || (onlyLarge && largePart(share.bytes) === 0)) continue;
      if (share.body && (!found?.body || isSlower(share.body, found.body))) found = share;
    }
    return found;
  }

  function take(share: Share, bytes: number): boolean {
    const wanted = share.bytes + bytes;
    if (wanted > maxBytes || largePart(wanted) > maxLarge) return false;
    for (;;) {
      const isFull = used + bytes > maxBytes;
      const isLargeFull = largePart(wanted) > 0 && usedByLarge - largePart(share.bytes) + largePart(wanted) > maxLarge;
      if (!isFull && !isLargeFull) break;
      const given = slowest(isLargeFull);
      if (!given || given === share) return false;
      const { body } = given;
      release(given);
      body?.giveUp();
    }
    resize(share, wanted);
    return true;
  }

  return {
    open() {
      const share: Share = { bytes: 0, memory: undefined, body: undefined };
      return {
        take: (bytes) => take(share, bytes),
        holds(memory) {
          share.memory = memory;
        },
        lend(body) {
          share.body = body;
          lent.add(share);
        },
        keep: () => keep(share),
        release: () => release(share),
      };
    },
  };
}

/** Returns how many of a share's bytes count as those of a large body. */
function largePart(bytes: number): number {
  return bytes > SMALL_BYTES ? bytes : 0;
}
