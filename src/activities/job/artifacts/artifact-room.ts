import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { inMegabytes, MEGABYTE } from '../packing/in-words.js';
import { PathError } from '../packing/list-paths.js';
import type { ArtifactClaim } from './artifact-book.js';
import type { ArtifactDeps } from './job-artifacts.js';

/** Room that an artifact has until it is kept. */
export interface Room {
  /** Takes as much as it has come to. Throws as {@link takeRoom} does. */
  resize(bytes: number): Promise<void>;
  /** Gives it back: what is kept counts by itself. Never rejects: what stays ends by itself. */
  leave(): Promise<void>;
}

/** What room is wanted for. */
export interface RoomFor extends Pick<ArtifactClaim, 'run' | 'name' | 'source' | 'repository' | 'bytes'> {
  readonly signal: AbortSignal;
}

/** Longer than keeping may take: what is claimed for longer was left by a worker that is gone. */
const CLAIM_MS = 15 * 60_000;
/** Of jobs that want the last room at once: each waits for another time, in milliseconds. */
const TRIES = 6;
const [PAUSE_MS, MORE_MS] = [30, 400];

/**
 * Takes room for an artifact beside those that are kept, and those that others keep now: what was promised to be kept is not removed for
 * it. Throws {@link PathError} where there is none.
 */
export async function takeRoom(deps: ArtifactDeps, { signal, bytes, ...of }: RoomFor): Promise<Room> {
  const claim = { ...of, id: randomUUID(), place: await deps.storage.place() };
  const leave = () => deps.book.unclaim(claim).catch(() => undefined);
  const resize = async (to: number) => {
    const now = { ...claim, bytes: to };
    for (let tries = 1; ; tries++) {
      signal.throwIfAborted();
      // First: of two that ask at once, at least one sees the other.
      await deps.book.claim({ ...now, until: Date.now() + CLAIM_MS });
      const broken = await brokenBy(deps, now, signal);
      if (!broken) return;
      await leave();
      if (broken.forGood || tries === TRIES) throw new PathError(broken.because);
      await pause(PAUSE_MS + Math.random() * MORE_MS, undefined, { signal });
    }
  };
  await resize(bytes);
  return { resize, leave };
}

/** A bound, and what there would be: of what is kept, and of what others are about to keep. */
interface Bound {
  readonly kept: number;
  readonly claimed: number;
  readonly most: number;
  readonly because: (all: number) => string;
}

/** Returns which bound it would break; `forGood`: whatever becomes of what others are about to keep. */
async function brokenBy(deps: ArtifactDeps, claim: Omit<ArtifactClaim, 'until'>, signal: AbortSignal) {
  const bounds = await boundsOf(deps, claim, signal);
  const forGood = bounds.find(({ kept, most }) => kept > most);
  const broken = forGood ?? bounds.find(({ kept, claimed, most }) => kept + claimed > most);
  return broken && { forGood: forGood !== undefined, because: broken.because(broken.kept + broken.claimed) };
}

async function boundsOf(
  { config, storage, book }: ArtifactDeps,
  { id, run, name, place, bytes }: Omit<ArtifactClaim, 'until'>,
  signal: AbortSignal,
): Promise<readonly Bound[]> {
  const { perRun, runMegabytes, megabytes } = config.artifacts;
  // Before what is kept, which claims become: what moves meanwhile counts twice, and never not at all.
  const claims = (await book.claims()).filter((one) => one.id !== id && one.until > Date.now());
  const others = (await book.of(run)).filter((one) => one.name !== name);
  const claimed = claims.filter((one) => one.run === run && one.name !== name);
  const isKept = new Set(others.map((one) => one.name));
  return [
    {
      kept: others.length + 1,
      claimed: new Set(claimed.map((one) => one.name).filter((one) => !isKept.has(one))).size,
      most: perRun,
      because: (all) => `its run has ${all - 1}, and artifacts.perRun of the configuration is ${perRun}`,
    },
    {
      kept: bytes + sum(others),
      claimed: sum(claimed.filter((one) => !isKept.has(one.name))),
      most: runMegabytes * MEGABYTE,
      because: (all) =>
        `with it, its run has ${inMegabytes(all)}, and artifacts.runMegabytes of the configuration is ${runMegabytes}`,
    },
    {
      kept: bytes + sum(await storage.list(signal)),
      claimed: sum(claims.filter((one) => one.place === place)),
      most: megabytes * MEGABYTE,
      because: (all) =>
        `with it, all have ${inMegabytes(all)}, and artifacts.megabytes of the configuration is ${megabytes}`,
    },
  ];
}

function sum(all: readonly { readonly bytes: number }[]): number {
  return all.reduce((total, { bytes }) => total + bytes, 0);
}
