import type { Request } from 'express';
import { HttpError } from '../../http/http-error.js';
import { isSameOrigin } from './same-origin.js';
import type { SignInLog } from './sign-in-log.js';
import type { Visitor } from './visitor.js';

/** Tells who asks, and refuses who may not. */
export interface WhoMay {
  /** Returns who looks; undefined for who has not signed in. Throws {@link HttpError}: 403 for who has no role, which is logged. */
  named(req: Request): Visitor | undefined;
  /** Returns who looks; undefined also for who has no role. Whoever is refused by name is shown that they are. */
  namedOrNobody(req: Request): Visitor | undefined;
  /** Returns who sends a form. Throws {@link HttpError}: 401 for who has not signed in, 403 for what another site sends. */
  sender(req: Request): Visitor;
  /** Returns who changes something. Throws {@link HttpError} as `sender` does, and 403 for who only looks. */
  operator(req: Request): Visitor;
}

/** Creates it. `whoVisits`: by the request alone. */
export function createWhoMay({
  whoVisits,
  signInLog,
  publicUrl,
}: {
  readonly whoVisits: (req: Request) => Visitor | undefined;
  readonly signInLog: SignInLog;
  readonly publicUrl: string | undefined;
}): WhoMay {
  const named: WhoMay['named'] = (req) => {
    try {
      return whoVisits(req);
    } catch (error) {
      if (error instanceof HttpError)
        signInLog('what the proxy says of somebody does not count', { why: error.message });
      throw error;
    }
  };
  const sender: WhoMay['sender'] = (req) => {
    const visitor = named(req) ?? signInFirst();
    if (isSameOrigin(req, publicUrl)) return visitor;
    throw new HttpError(403, 'this was sent by another site, or by a program: those use /api with the API token');
  };
  return {
    named,
    namedOrNobody(req) {
      try {
        return whoVisits(req);
      } catch {
        return undefined;
      }
    },
    sender,
    operator(req) {
      const visitor = sender(req);
      if (visitor.role === 'operator') return visitor;
      throw new HttpError(403, `you are signed in as ${visitor.who}, a viewer: that takes an operator`);
    },
  };
}

/** Throws {@link HttpError} (401). */
export function signInFirst(): never {
  throw new HttpError(401, 'sign in first, or send the API token to /api');
}
