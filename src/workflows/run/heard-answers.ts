import { ApplicationFailure, defineSignal, setHandler } from '@temporalio/workflow';
import {
  ANSWER_SIGNAL,
  APPROVAL_OUTDATED_SIGNAL,
  type ApprovalAnswer,
  type ApprovalOutdated,
} from '../../runs/approval.js';
import { noteWaited, tellWaited, tellWaiting } from './told-attributes.js';

/** What a run hears of one approval. */
export interface Heard {
  readonly nth: number;
  /** Answers that nobody has weighed yet, the oldest first. */
  readonly answers: ApprovalAnswer[];
  /** Why it is void. */
  outdated: string | undefined;
  close(): void;
}

/** Module state: the workflow sandbox gives each run its own. */
const open = new Map<string, Heard>();
const asked = new Map<string, number>();
const ids = new Set<string>();

/** In characters. */
const MAX_ID = 500;

/**
 * Begins to hear answers to an approval. What was said before is not heard, nor what is said of another one of this name. Throws an
 * `ApplicationFailure` if one of this name is waited for already.
 */
export function hearAnswers(name: string): Heard {
  if (open.has(name))
    throw ApplicationFailure.nonRetryable(
      `approval(): the run waits for an approval "${name}" already: give the other one another name`,
    );
  const nth = (asked.get(name) ?? 0) + 1;
  asked.set(name, nth);
  const heard: Heard = { nth, answers: [], outdated: undefined, close: () => close(name) };
  open.set(name, heard);
  tellWaiting('approval');
  setHandler(defineSignal<[ApprovalAnswer]>(ANSWER_SIGNAL), (answer) => {
    const { id } = answer;
    const meant = of(answer);
    if (!meant || typeof id !== 'string' || id.length > MAX_ID || ids.has(id)) return;
    ids.add(id);
    meant.answers.push(answer);
  });
  setHandler(defineSignal<[ApprovalOutdated]>(APPROVAL_OUTDATED_SIGNAL), (told) => {
    const meant = of(told);
    if (meant) meant.outdated ??= told.because;
  });
  return heard;
}

/** Returns how often the run has asked for an approval, by name. */
export function approvalsAsked(): Readonly<Record<string, number>> {
  return Object.fromEntries(asked);
}

/** Counts approvals on from those that an earlier part of the run has asked for: what was answered there means no later one. */
export function countApprovals(before: Readonly<Record<string, number>>): void {
  for (const [name, times] of Object.entries(before)) asked.set(name, times);
}

/** The run may wait for others still. */
function close(name: string): void {
  if (!open.delete(name)) return;
  if (open.size === 0) tellWaited('approval');
  else noteWaited('approval');
}

function of({ name, nth }: { readonly name: string; readonly nth: number }): Heard | undefined {
  const heard = open.get(name);
  return heard?.nth === nth ? heard : undefined;
}
