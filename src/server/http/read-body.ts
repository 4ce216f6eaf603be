import type { IncomingMessage } from 'node:http';
import { type BodyShare, LEAST_BYTES_A_SECOND } from './body-budget.js';
import { createGrowingBuffer } from './growing-buffer.js';
import { ClientClosed, HttpError } from './http-error.js';

/** Bounds on one body. */
export interface BodyLimits {
  readonly maxBytes: number;
  /** For the whole body, in milliseconds, so that a sender of one byte a second does not hold a connection. */
  readonly deadlineMs: number;
  /** Who sends it, where nothing that came before the body has verified it: others go first when room is short. */
  readonly unverifiedOf?: string | undefined;
}

/** How long a body may be slower than {@link LEAST_BYTES_A_SECOND}. */
const GRACE_MS = 5_000;
const CHECK_MS = 1_000;

/**
 * Reads a request's body and counts its bytes meanwhile: nothing over the limit is ever in memory. Throws {@link HttpError}
 * (413, 408, 503) and {@link ClientClosed}. The bytes are valid until the share is released.
 */
export function readBody(req: IncomingMessage, limits: BodyLimits, share: BodyShare): Promise<Buffer> {
  const declared = Number(req.headers['content-length'] ?? 0);
  if (declared > limits.maxBytes) return Promise.reject(tooLarge(limits));
  return new Promise((resolve, reject) => {
    // A body of known length gets its memory in one piece.
    const body = createGrowingBuffer(declared || limits.maxBytes);
    share.holds(body);
    const began = performance.now();
    let pace = Number.POSITIVE_INFINITY;
    let lengthBefore = 0;
    const settle = (outcome: () => void) => {
      clearTimeout(timer);
      req.off('data', onData).off('end', onEnd).off('close', onClose).off('error', onClose);
      // The connection may still be reset: without a listener, that error would end the process.
      req.on('error', () => {});
      outcome();
    };
    const refuse = (refusal: Error) => {
      req.pause();
      settle(() => reject(refusal));
    };
    const onData = (chunk: Buffer) => {
      if (body.length + chunk.length > limits.maxBytes) return refuse(tooLarge(limits));
      if (!share.take(body.growth(chunk))) return refuse(busy());
      body.add(chunk);
      if (body.length === declared) share.keep();
    };
    const onEnd = () => {
      share.keep();
      settle(() => resolve(body.content()));
    };
    const onClose = () => settle(() => reject(new ClientClosed('the sender closed the connection')));
    const check = () => {
      const ms = performance.now() - began;
      if (ms >= limits.deadlineMs) {
        return refuse(new HttpError(408, `the body did not arrive within ${limits.deadlineMs / 1000} s`));
      }
      pace = body.length - lengthBefore;
      lengthBefore = body.length;
      const wanted = ((ms - GRACE_MS) / 1000) * LEAST_BYTES_A_SECOND;
      if (body.length < wanted) return refuse(new HttpError(408, 'the body arrives too slowly'));
      timer = setTimeout(check, Math.min(CHECK_MS, limits.deadlineMs - ms));
    };
    let timer = setTimeout(check, Math.min(CHECK_MS, limits.deadlineMs));
    if (limits.unverifiedOf !== undefined)
      share.lend({ peer: limits.unverifiedOf, pace: () => pace, giveUp: () => refuse(busy()) });
    req.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onClose);
  });
}

function tooLarge({ maxBytes }: BodyLimits): HttpError {
  return new HttpError(413, `the body is larger than ${maxBytes} bytes`);
}

function busy(): HttpError {
  return new HttpError(503, 'too many bodies are being received; send it again later', { 'retry-after': '5' });
}
