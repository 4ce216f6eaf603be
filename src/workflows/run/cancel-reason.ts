import { defineSignal, setHandler, upsertMemo } from '@temporalio/workflow';
import { plain } from '../../events/markdown.js';
import { truncate } from '../../events/truncate.js';
import { CANCEL_SIGNAL, CANCELLED_MEMO, type CancelReason } from '../../runs/names.js';
import { progress } from './progress.js';

/** In characters. */
const MAX_BECAUSE = 500;

/** Module state: the workflow sandbox gives each run its own. */
let reason: string | undefined;
let successor: string | undefined;

/** Keeps what a run is told of who cancels it. It is told just before. */
export function hearCancelReason(): void {
  setHandler(defineSignal<[CancelReason]>(CANCEL_SIGNAL), ({ because }) => noteCancelReason(because));
}

/** Keeps that another run takes this one's place; the first reason counts. */
export function noteSuperseded(by: string): void {
  successor ??= by;
  noteCancelReason(`superseded by ${by}`);
}

/** Returns the workflow id of the run that takes this one's place; undefined as long as none does. */
export function supersededBy(): string | undefined {
  return successor;
}

/** Keeps why the run is about to be cancelled; the first reason counts. */
export function noteCancelReason(because: string): void {
  reason ??= truncate(because, MAX_BECAUSE);
}

/** Returns why the run is about to be cancelled, in words; undefined where nobody has said so. */
export function notedReason(): string | undefined {
  return reason;
}

/** Returns in words that the run was cancelled, and by whom, if that is known. */
export function cancelledBecause(): string {
  return reason ?? 'cancelled';
}

/** Shows on the run's page who cancelled it, and keeps it in its memo. Does nothing where that is not known. */
export function showCancelReason(): void {
  if (reason === undefined) return;
  progress.step('Cancelled').end('cancelled', plain(reason));
  upsertMemo({ [CANCELLED_MEMO]: reason });
}
