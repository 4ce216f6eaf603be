import { z } from 'zod';
import { type Beside, CODE, type Piece } from '../../../worker/work-notes.js';

/** What is known of a process that works: it is written down while it lives, and stays when it dies. */
export interface Life {
  readonly host: string;
  readonly pid: number;
  /** When the process started, as its system tells. */
  readonly started: string | undefined;
  /** When it began to work, in Unix ms. */
  readonly since: number;
  /** For how long it is careful, in milliseconds: 0 if it is not, or not any more. */
  readonly carefulMs: number;
  /** Whether it began after a death. */
  readonly afterDeath: boolean;
  /** Set once it was told to stop: if it is ended before it has, its work is not to blame. */
  readonly stopping?: boolean | undefined;
  /** The code of a run that is at work, and an activity, while it is careful. */
  readonly code?: Piece | undefined;
  readonly step?: Piece | undefined;
  /** Activities beside which that one was begun, since they had done no harm for long. */
  readonly older?: readonly Piece[] | undefined;
  /** How many others are at work beside, while it is careful. */
  readonly beside?: Readonly<Record<Beside, number>> | undefined;
  /** When it last wrote, in Unix ms. */
  readonly seenAt?: number | undefined;
}

/**
 * How a process died. `held`: it did not answer, and was ended for that. `killed`: by SIGKILL, which others send, such as a
 * system without memory. `crashed`: in all other ways. Unknown where nobody is left who has seen it.
 */
export type Death = 'held' | 'killed' | 'crashed';

/** What a death tells. */
export interface Lesson {
  /** The one piece that was at work. */
  readonly blamed?: Piece | undefined;
  /** One that was at work, where something else may well be to blame. */
  readonly spared?: Piece | undefined;
  /** Several were at work, and each may be to blame: the next process begins nothing beside an activity. */
  readonly isUnclear?: true | undefined;
}

const pieceSchema = z.object({
  workflowId: z.string(),
  runId: z.string().optional(),
  at: z.string(),
  id: z.string().optional(),
  since: z.number().optional(),
});

/** Reads one that was written down. */
export const lifeSchema: z.ZodType<Life> = z.object({
  host: z.string(),
  pid: z.number(),
  started: z.string().optional(),
  since: z.number(),
  carefulMs: z.number(),
  afterDeath: z.boolean(),
  stopping: z.boolean().optional(),
  code: pieceSchema.optional(),
  step: pieceSchema.optional(),
  older: z.array(pieceSchema).optional(),
  beside: z.object({ jobs: z.number(), own: z.number() }).optional(),
  seenAt: z.number().optional(),
}) as z.ZodType<Life>;

/** Returns whether two pieces are the same piece of one run. */
export function isSame(one: Piece, other: Piece): boolean {
  const isOfOneRun = one.workflowId === other.workflowId && one.runId === other.runId;
  return isOfOneRun && one.at === other.at && one.id === other.id;
}

/** What has done no harm for so long is at work by chance at most deaths, in milliseconds. */
export const HARMLESS_MS = 60_000;

/** Returns what the end of a life tells. One that was not careful was at work on many, and tells nothing. */
export function lessonOf(life: Life, death?: Death): Lesson {
  const { code, step, older } = life;
  // A local activity is called by the code that is at work.
  const one = step ?? code;
  if (!one) return {};
  const isUnclear = older?.length || (code && code.workflowId !== one.workflowId);
  if (isUnclear) return { spared: one, isUnclear: true };
  return mayBeInnocent(one, life, death) ? { spared: one } : { blamed: one };
}

/** What holds the process is at work in it; what is killed from outside is often a process that another one has left no memory. */
function mayBeInnocent({ since }: Piece, { beside, seenAt }: Life, death: Death | undefined): boolean {
  if (death === 'held') return false;
  const { jobs, own } = beside ?? { jobs: 0, own: 0 };
  const isFromOutside = death !== 'crashed';
  if (isFromOutside && jobs > 0) return true;
  const isOld = since !== undefined && seenAt !== undefined && seenAt - since > HARMLESS_MS;
  return isOld && (isFromOutside || jobs + own > 0);
}

/** Returns the life in which a piece of work has begun. */
export function begun(life: Life, piece: Piece): Life {
  const older = piece.at !== CODE && life.step ? [...(life.older ?? []), life.step] : life.older;
  return { ...life, older, [placeOf(piece)]: piece };
}

/** Returns the life in which a piece of work has ended well. */
export function ended(life: Life, piece: Piece): Life {
  return piece.at === CODE ? { ...life, code: undefined } : withoutStep(life, piece);
}

function withoutStep(life: Life, piece: Piece): Life {
  const steps = [...(life.older ?? []), ...(life.step ? [life.step] : [])].filter((one) => !isSame(one, piece));
  const older = steps.slice(0, -1);
  return { ...life, step: steps.at(-1), older: older.length > 0 ? older : undefined };
}

function placeOf({ at }: Piece): 'code' | 'step' {
  return at === CODE ? 'code' : 'step';
}

/**
 * Returns whether a death is no reason to be careful: somebody has killed the process, once. Being careful is slow, and the runs
 * of a worker that was killed should go on soon; where one such death follows another, a run may have taken all memory.
 */
export function isLoneKill(life: Pick<Life, 'since' | 'afterDeath'>, death: Death | undefined, now: number): boolean {
  const isFromOutside = death !== 'crashed' && death !== 'held';
  return isFromOutside && !(life.afterDeath && now - life.since <= MAX_LIVED_MS);
}

/** For so long a process is careful after a death: what died comes again after its timeout. */
const CAREFUL_MS = 90_000;
/** What dies less often is not waited for: being careful is slow. */
const MAX_LIVED_MS = 15 * 60_000;

/**
 * Returns for how long the process after a death is careful, in milliseconds. What does the harm may come again only after
 * minutes, as an activity with a long timeout does: where one death follows another, it is careful for longer than between them.
 */
export function carefulMsAfter({ since, afterDeath }: Pick<Life, 'since' | 'afterDeath'>, now: number): number {
  const livedMs = now - since;
  return afterDeath && livedMs <= MAX_LIVED_MS ? Math.max(CAREFUL_MS, 2 * livedMs) : CAREFUL_MS;
}
