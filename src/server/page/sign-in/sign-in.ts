import { type Request, type RequestHandler, type Response, Router } from 'express';
import type { Config } from '../../../config/config.js';
import type { Logger } from '../../../log.js';
import { anySecret, isSame } from '../../../providers/constant-time.js';
import { HttpError } from '../../http/http-error.js';
import { basePath } from '../../http/own-path.js';
import { sendText, type TextAnswer } from '../../http/send-json.js';
import { returnTo } from '../return-to.js';
import type { Shown } from '../view.js';
import { signInView } from '../views/sign-in.js';
import { cookieHeader, readCookie } from './cookies.js';
import { createOidc, KEPT_SECONDS } from './oidc.js';
import { isOverTls } from './over-tls.js';
import { isSameOrigin } from './same-origin.js';
import { endSession, type Sessions } from './session.js';
import type { SignInLog } from './sign-in-log.js';
import type { Visitor } from './visitor.js';

/** What {@link createSignIn} works with. */
export interface SignInDeps {
  readonly server: Config['server'];
  readonly sessions: Sessions;
  readonly log: Logger;
  readonly signInLog: SignInLog;
  /** Unix ms. */
  readonly now: () => number;
  /** Reads a form's fields. */
  readonly form: RequestHandler;
  readonly show: (req: Request, shown: Shown, how?: { readonly status?: number }) => TextAnswer;
}

/** What a browser keeps while somebody signs in elsewhere. */
const KEPT = 'hookyard-sign-in';

/** Creates the routes that sign people in, by the API token or OpenID Connect, and out. */
export function createSignIn({ server, sessions, log, signInLog, now, form, show }: SignInDeps): Router {
  const { apiToken, publicUrl, signIn } = server;
  const base = basePath(publicUrl);
  const settings = signIn.oidc;
  const oidc =
    settings && publicUrl !== undefined ? createOidc({ settings, publicUrl, apiToken, signInLog, now }) : undefined;
  const router = Router({ caseSensitive: true });

  const ask = (req: Request, res: Response, { to, because }: { to: string; because?: string }) => {
    const shown = signInView({ to, oidc: settings?.name, ...(because !== undefined && { because }) });
    sendText(req, res, show(req, shown, { status: because === undefined ? 200 : 401 }));
  };
  const go = (req: Request, res: Response, address: string, cookies: string | string[]) => {
    // Before the answer's other headers are written, so that both are sent.
    res.setHeader('set-cookie', cookies);
    sendText(req, res, { status: 303, headers: { location: address, 'content-type': 'text/plain' }, text: '' });
  };
  const begin = (req: Request, res: Response, { visitor, to, isSecure, spent = [] }: Begun) => {
    const { who: by, ...known } = visitor;
    log.info({ by, ...known }, 'somebody signed in to the page');
    go(req, res, `${base}${to}`, [sessions.begin(visitor, isSecure), ...spent]);
  };

  router.get('/sign-in', (req, res) => ask(req, res, { to: returnTo(req.query.to) }));
  router.post('/sign-in', form, (req, res) => {
    if (!isSameOrigin(req, publicUrl)) throw new HttpError(403, 'this form was sent by another site');
    const { token = '', to } = (req.body ?? {}) as { readonly token?: unknown; readonly to?: unknown };
    if (publicUrl?.startsWith('https:') && req.headers.origin?.startsWith('http:'))
      return ask(req, res, {
        to: returnTo(to),
        because: `Without TLS nobody stays signed in: sign in at ${publicUrl}.`,
      });
    const isRight = anySecret([apiToken], (expected) => isSame(String(token).trim(), expected));
    if (isRight) {
      const visitor: Visitor = { who: 'an operator with the API token', role: 'operator', how: 'token' };
      return begin(req, res, { visitor, to: returnTo(to), isSecure: isOverTls(req, publicUrl) });
    }
    signInLog('a wrong token at the sign-in of the page');
    ask(req, res, { to: returnTo(to), because: 'This is not the API token.' });
  });
  router.post('/sign-out', (req, res) => {
    if (!isSameOrigin(req, publicUrl)) throw new HttpError(403, 'this form was sent by another site');
    go(req, res, `${base}/sign-in`, endSession());
  });
  if (oidc) {
    const isSecure = publicUrl?.startsWith('https:') ?? false;
    router.get('/sign-in/oidc', async (req, res) => {
      const { address, kept } = await oidc.begin(returnTo(req.query.to));
      go(req, res, address, cookieHeader(KEPT, { value: kept, isSecure, seconds: KEPT_SECONDS }));
    });
    router.get('/sign-in/oidc/back', async (req, res) => {
      const search = /\?.*$/s.exec(req.url)?.[0] ?? '';
      const { visitor, to } = await oidc.finish({ search, kept: readCookie(req, { name: KEPT, isSecure }) });
      begin(req, res, { visitor, to, isSecure, spent: [cookieHeader(KEPT, { isSecure })] });
    });
  }
  return router;
}

interface Begun {
  readonly visitor: Visitor;
  readonly to: string;
  readonly isSecure: boolean;
  /** Headers that take cookies away. */
  readonly spent?: readonly string[];
}
