import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Logger } from '../../../log.js';
import { startTime } from '../../../process-start-time.js';
import type { Careful } from '../../../worker/careful.js';
import type { Piece } from '../../../worker/work-notes.js';
import type { Charges } from './charges.js';
import {
  begun,
  carefulMsAfter,
  type Death,
  ended,
  HARMLESS_MS,
  isLoneKill,
  isSame,
  type Life,
  lessonOf,
} from './life.js';
import { BEAT_MS, type DeadLife, findDead, openLifeFile } from './life-files.js';
import type { SetPieceAside } from './set-piece-aside.js';

/** What {@link beginLife} works with. */
export interface WorkerLifeDeps {
  /** The data folder. */
  readonly data: string;
  readonly charges: Charges;
  readonly setAside: SetPieceAside;
  /** How the last processes died that worked here before, by their process ids, as far as it is known. */
  readonly deaths: ReadonlyMap<number, Death>;
  readonly log: Logger;
}

/** The life of a process that works. */
export interface WorkerLife {
  /** How it has to work; undefined if nothing has died. */
  readonly careful: (Careful & { readonly forMs: number }) | undefined;
  /** Notes that it is careful no more. */
  relax(): void;
  /** Notes at once that it was told to stop: however it ends now, nothing is to be learned from that. */
  stops(): void;
  /** Notes that it ended in order: nothing is to be learned from that. */
  end(): void;
}

/** So many deaths at which it alone was at work, and a run is set aside. */
const TOO_MANY = 2;
/** Code is needed by all runs: it waits for less long than other activities do. */
const ALONE = { beforeCodeMs: 30_000, beforeStepsMs: HARMLESS_MS };

/**
 * Begins the life of this process: looks at those that died before it, sets runs aside that have taken workers down again
 * and again, and says whether this one has to be careful.
 */
export async function beginLife({ data, charges, setAside, deaths, log }: WorkerLifeDeps): Promise<WorkerLife> {
  /** What may still show that it does no harm. */
  const charged: Piece[] = [];
  const judge = async (piece: Piece, lifeId: string) => {
    const count = await charges.add(piece, lifeId);
    log.warn({ run: piece.workflowId, at: piece.at, deaths: count }, ALONE_AT_WORK);
    if (count >= TOO_MANY && (await setAside(piece))) return 'over';
    charged.push(piece);
    return 'open';
  };
  const now = Date.now();
  let carefulMs = 0;
  let isUnclear = false;
  const id = randomUUID();
  const notCounted = (error: Error) => log.warn({ because: error.message }, NOT_COUNTED);
  const learn = async ({ life, id: lifeId, forget }: DeadLife) => {
    const death = life.host === hostname() ? deaths.get(life.pid) : undefined;
    const lesson = lessonOf(life, death);
    const { spared } = lesson;
    if (spared) log.warn({ run: spared.workflowId, at: spared.at }, SPARED);
    if (lesson.isUnclear) isUnclear = true;
    const verdict = lesson.blamed && (await judge(lesson.blamed, lifeId).catch(notCounted));
    const teaches = lesson.blamed !== undefined || lesson.isUnclear || !isLoneKill(life, death, now);
    if (teaches && verdict !== 'over') carefulMs = Math.max(carefulMs, carefulMsAfter(life, now));
    // What could not be counted is by the next that begins.
    if (!lesson.blamed || verdict) forget();
  };
  const found = await findDead(data, log);
  for (const { life, forget } of found) if (life.stopping) forget();
  const dead = found.filter(({ life }) => !life.stopping);
  for (const one of dead) await learn(one);
  const reconsider = async () => {
    for (const { piece, deaths: count } of await charges.all()) {
      // It could not be set aside before, as when Temporal was away.
      const isOver = count >= TOO_MANY && (await setAside(piece));
      if (!isOver) charged.push(piece);
    }
  };
  await reconsider().catch(notCounted);

  let life: Life = {
    host: hostname(),
    pid: process.pid,
    started: await startTime(process.pid),
    since: now,
    carefulMs,
    afterDeath: dead.length > 0,
  };
  const file = openLifeFile(data, id);
  const save = () => {
    try {
      file.write({ ...life, seenAt: Date.now() });
    } catch (error) {
      log.warn({ because: (error as Error).message }, NOT_NOTED);
    }
  };
  save();
  const beats = setInterval(save, BEAT_MS).unref();

  if (carefulMs > 0)
    log.warn({ forMs: carefulMs, suspects: [...new Set(charged.map(({ workflowId }) => workflowId))] }, CAREFUL);

  return {
    careful:
      carefulMs === 0
        ? undefined
        : {
            forMs: carefulMs,
            alone: isUnclear ? undefined : ALONE,
            notes: {
              begins(piece) {
                if (life.carefulMs === 0) return;
                life = begun(life, { ...piece, since: Date.now() });
                save();
              },
              beside(kind, change) {
                if (life.carefulMs === 0) return;
                const { jobs, own } = life.beside ?? { jobs: 0, own: 0 };
                const beside = { jobs, own };
                beside[kind] += change;
                life = { ...life, beside };
                save();
              },
              ends(piece) {
                if (life.carefulMs === 0) return;
                life = ended(life, piece);
                save();
                if (!charged.some((one) => isSame(one, piece))) return;
                void charges
                  .drop(piece)
                  .catch((error: Error) => log.warn({ run: piece.workflowId, because: error.message }, NOT_COUNTED));
              },
            },
          },
    relax() {
      life = { ...life, carefulMs: 0, code: undefined, step: undefined, older: undefined, beside: undefined };
      save();
    },
    stops() {
      life = { ...life, stopping: true };
      save();
    },
    end() {
      clearInterval(beats);
      file.remove();
    },
  };
}

const ALONE_AT_WORK =
  'a worker process died while it was at work on this run alone: it is set aside when that happens twice';
const SPARED =
  'a worker process died while it was at work on this run, but something else may have killed it: it is not counted';
const CAREFUL =
  'a worker process died at its work: one piece of work is done after the other for a while, so that the run that does it becomes known';
const NOT_NOTED =
  'what this process is at work on could not be written to the data folder: if it dies of a run, that run stays unknown';
const NOT_COUNTED =
  'for what a worker process died could not be kept in the store: the next worker that starts tries again';
