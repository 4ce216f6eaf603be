import type { ErrorRequestHandler, Request } from 'express';
import type { Logger } from '../../log.js';
import { errorAnswer } from '../api/contract/error.js';
import { expressError } from '../http/express-error.js';
import { sendText } from '../http/send-json.js';
import { errorOutcome } from '../outcome.js';
import type { Around } from './context.js';
import { document } from './document.js';
import { withQuery } from './paths.js';
import type { Visitor } from './sign-in/visitor.js';
import type { WhoMay } from './sign-in/who-may.js';
import { messageView, signInFirstView } from './views/message.js';
import { wantsHtml } from './wants.js';

/** What {@link createErrorPage} works with. */
export interface ErrorPageDeps {
  readonly whoMay: Pick<WhoMay, 'namedOrNobody'>;
  readonly around: (req: Request, visitor: Visitor | undefined) => Around;
  /** Path of the public address, before all paths. */
  readonly base: string;
  readonly log: Logger;
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'That can not be asked so',
  403: 'Not allowed',
  404: 'Nothing is here',
  409: 'Not possible now',
  413: 'That is too much',
  429: 'Too much at once',
  503: 'Not possible now',
};

/** Creates what shows an error of the page to who asked for HTML; who has to sign in is led there. */
export function createErrorPage({ whoMay, around, base, log }: ErrorPageDeps): ErrorRequestHandler {
  return (error, req, res, next) => {
    if (!res.locals.isPage || !wantsHtml(req)) return next(error);
    const { answer, because, err } = errorOutcome(expressError(error) ?? error);
    if (answer.status === 401 && req.method === 'GET') {
      const location = `${base}${withQuery('/sign-in', { to: req.url === '/' ? undefined : req.url })}`;
      return sendText(req, res, { status: 303, headers: { location, 'content-type': 'text/plain' }, text: '' });
    }
    if (err !== undefined) log.error({ err, method: req.method }, 'a page failed');
    const text = err === undefined ? because : 'Something went wrong here; it is in the log.';
    const shown =
      answer.status === 401
        ? signInFirstView({ to: cameFrom(req, base) })
        : messageView(
            TITLES[answer.status] ?? 'This did not go well',
            sentence(text),
            errorAnswer.safeParse(answer.body).data,
          );
    const at = around(req, whoMay.namedOrNobody(req));
    sendText(req, res, document(shown, at, { status: answer.status, headers: answer.headers ?? {} }));
  };
}

/** Returns the path of the page that a form was sent from. */
function cameFrom({ headers: { referer = '' } }: Request, base: string): string {
  if (!URL.canParse(referer)) return '/';
  const { pathname, search } = new URL(referer);
  return `${pathname.startsWith(`${base}/`) ? pathname.slice(base.length) : pathname}${search}`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}
