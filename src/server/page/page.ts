import express, { type ErrorRequestHandler, type NextFunction, type Request, type Response, Router } from 'express';
import type { Config } from '../../config/config.js';
import type { Logger } from '../../log.js';
import type { Answers } from '../api/answers.js';
import type { FeedKeys } from '../api/feed-keys.js';
import type { PublicRuns } from '../api/public-runs.js';
import { HttpError } from '../http/http-error.js';
import { basePath } from '../http/own-path.js';
import { sendJson, sendText } from '../http/send-json.js';
import { errorOutcome } from '../outcome.js';
import type { Action } from './action.js';
import { ACTIONS } from './actions/index.js';
import { isAskedElsewhere } from './asked-elsewhere.js';
import { readAssets } from './assets.js';
import type { Around } from './context.js';
import { document } from './document.js';
import { createDone } from './done.js';
import { createFeedAccess } from './feeds/feed-access.js';
import { createFeeds } from './feeds/feeds.js';
import { withQuery } from './paths.js';
import type { Loopback } from './sign-in/loopback.js';
import { isSameOrigin } from './sign-in/same-origin.js';
import { createSessions } from './sign-in/session.js';
import { createSignIn } from './sign-in/sign-in.js';
import { createSignInLog } from './sign-in/sign-in-log.js';
import type { Visitor } from './sign-in/visitor.js';
import { createWhoVisits } from './sign-in/who-visits.js';
import type { Shown, View, ViewAsked } from './view.js';
import { VIEWS } from './views/index.js';
import { messageView, signInFirstView } from './views/message.js';
import { createVisitorRoom } from './visitor-room.js';
import { wantsHtml, wantsJson, withoutJsonEnd } from './wants.js';

/** What {@link createPage} works with. */
export interface PageDeps {
  readonly answers: Answers;
  readonly server: Config['server'];
  readonly feedKeys: FeedKeys;
  readonly publicRuns: PublicRuns;
  /** Decides whether who opens the page on this machine has to sign in. */
  readonly loopback: Loopback;
  readonly log: Logger;
  /** Unix ms. */
  readonly now: () => number;
}

/** The page: its routes, and what shows errors to who asked for HTML. */
export interface Page {
  readonly routes: Router;
  readonly errors: ErrorRequestHandler;
  /** Returns a page that one request gets, whatever its address. */
  show(shown: Shown, how?: Parameters<typeof document>[2]): ReturnType<typeof document>;
}

const MAX_FORM = '64kb';
/** 1 MB of JSON, as forms write it. Only people who have signed in may send so much. */
const MAX_LARGE_FORM = '4mb';
/** What is answered to those at a time who read what is public: views, and downloads, which may take long. */
const PUBLIC_AT_ONCE = 8;
const PUBLIC_DOWNLOADS = 4;
/** What all of them together are called. */
const ANYBODY = 'anybody';
const YEAR_SECONDS = 31_536_000;

/** Creates the page, as the receiver serves it. What it shows and does is what the API answers and does. */
export function createPage(deps: PageDeps): Page {
  const { answers, server, publicRuns, now } = deps;
  const assets = readAssets();
  const base = basePath(server.publicUrl);
  const sessions = createSessions({ apiToken: server.apiToken, publicUrl: server.publicUrl, now });
  const signInLog = createSignInLog(deps.log);
  const whoVisits = createWhoVisits(server, { sessions, loopback: deps.loopback });
  const done = createDone({ apiToken: server.apiToken, now });
  const within = createVisitorRoom();
  const inPublic = createVisitorRoom(PUBLIC_AT_ONCE);
  const inPublicDownload = createVisitorRoom(PUBLIC_DOWNLOADS);
  const navigation = VIEWS.flatMap(({ path, navigation: item }) => (item ? [{ path, ...item }] : []));
  const nobody: Around = { base, path: '', query: {}, visitor: undefined, now: 0, assets, navigation };
  const show: Page['show'] = (shown, how) => document(shown, { ...nobody, now: now() }, how);

  const around = (req: Request, visitor: Visitor | undefined): Around => {
    const { done: token = '', ...query } = givenIn(req.query);
    const acted = done.read(token);
    const action = ACTIONS.find(({ path }) => path === acted);
    return { ...nobody, path: req.path, query, visitor, now: now(), done: action?.done };
  };

  /** Throws {@link HttpError}: 403 for who has no role, which is logged. */
  const namedVisitor = (req: Request): Visitor | undefined => {
    try {
      return whoVisits(req);
    } catch (error) {
      if (error instanceof HttpError)
        signInLog('what the proxy says of somebody does not count', { why: error.message });
      throw error;
    }
  };

  /** Throws {@link HttpError}: 401 for who has not signed in. */
  const visitorOf = (req: Request): Visitor => namedVisitor(req) ?? signInFirst();

  /** Throws {@link HttpError}: 401 for a run that not everybody may look at, as if there were none. */
  const mustBePublic = async (run: unknown): Promise<void> => {
    if (typeof run !== 'string' || !publicRuns.any || !(await inPublic(ANYBODY, () => publicRuns.has(run))))
      signInFirst();
  };

  const openForAll = async (view: View, asked: ViewAsked) => {
    if (!view.openForAll) return signInFirst();
    await mustBePublic(asked.id);
    return inPublic(ANYBODY, async () => view.openForAll?.(answers, asked));
  };

  const answerView = (view: View) => async (req: Request, res: Response) => {
    const visitor = namedVisitor(req);
    const at: Around = { ...around(req, visitor), isPublic: visitor === undefined };
    const form = req.method === 'POST' ? givenIn(req.body) : undefined;
    const who = visitor?.who ?? ANYBODY;
    const asked: ViewAsked = { id: idOf(req), part: String(req.params.part ?? ''), query: at.query, form, who };
    const opened = visitor ? await within(who, () => view.open(answers, asked)) : await openForAll(view, asked);
    if (!opened) throw new HttpError(404, 'there is none of this name: it was never there, or is not kept any more');
    if (wantsJson(req)) sendJson(req, res, { status: 200, headers: VARY, body: opened.answer });
    else sendText(req, res, document(opened.show(), at));
  };

  /** Throws {@link HttpError} for who has not signed in, and for what another site sends. Forms are read after that. */
  const senderOf = (req: Request): Visitor => {
    const visitor = visitorOf(req);
    if (isSameOrigin(req, server.publicUrl)) return visitor;
    throw new HttpError(403, 'this was sent by another site, or by a program: those use /api with the API token');
  };

  const operatorOf = (req: Request): Visitor => {
    const visitor = senderOf(req);
    if (visitor.role === 'operator') return visitor;
    throw new HttpError(403, `you are signed in as ${visitor.who}, a viewer: that takes an operator`);
  };

  const answerAction = (action: Action) => async (req: Request, res: Response) => {
    const { who: by, role: _, ...known } = operatorOf(req);
    const acted = await action.act(answers, { id: idOf(req), form: givenIn(req.body), who: { by, ...known } });
    if (!acted) throw new HttpError(404, 'there is none of this name: it was never there, or is not kept any more');
    if (wantsJson(req)) return sendJson(req, res, { status: 200, body: acted.answer });
    const location = `${base}${withQuery(acted.to, { done: done.sign(action.path) })}`;
    sendText(req, res, { status: 303, headers: { location, 'content-type': 'text/plain' }, text: '' });
  };

  const routes = Router({ caseSensitive: true });
  const accessOf = createFeedAccess({ keys: deps.feedKeys, apiToken: server.apiToken, whoVisits });
  routes.use(createFeeds({ answers, accessOf, publicRuns, publicUrl: server.publicUrl }));
  routes.use((req, res, next) => {
    // What comes here is nothing that providers or commands are told of.
    res.locals.isPage = true;
    if (isAskedElsewhere(req))
      throw new HttpError(403, 'another site asked for this in the background: open the address itself');
    const { url, isJson } = withoutJsonEnd(req.url);
    req.url = base !== '' && (url === base || url === `${base}/`) ? '/' : url;
    res.locals.isJson = isJson;
    next();
  });
  routes.get('/assets/:name', (req, res) => {
    const found = assets.find(String(req.params.name));
    if (!found) throw new HttpError(404, 'there is no such file');
    const headers = { 'content-type': found.type, 'cache-control': `public, max-age=${YEAR_SECONDS}, immutable` };
    sendText(req, res, { status: 200, headers, text: found.text });
  });
  const form = express.urlencoded({ extended: false, limit: MAX_FORM });
  routes.use(
    createSignIn({
      ...deps,
      signInLog,
      sessions,
      form,
      show: (req, shown, how) => document(shown, around(req, undefined), how),
    }),
  );
  routes.get('/logs/text', async (req, res) => {
    const visitor = namedVisitor(req);
    const send = () => answers.sendLogText({ query: req.query }, res);
    if (visitor) return within(visitor.who, send);
    await mustBePublic(req.query.run);
    return inPublicDownload(ANYBODY, send);
  });
  routes.get('/logs/live', async (req, res) => {
    const visitor = namedVisitor(req);
    if (!visitor) await mustBePublic(req.query.run);
    const by = visitor?.who ?? ANYBODY;
    return answers.followLog({ query: req.query, by, lastEventId: req.get('last-event-id') }, res);
  });
  const largeForm = [
    express.urlencoded({ extended: false, limit: MAX_LARGE_FORM }),
    express.json({ limit: MAX_LARGE_FORM }),
  ];
  const only = (whoOf: (req: Request) => Visitor) => (req: Request, _res: Response, next: NextFunction) => {
    whoOf(req);
    next();
  };
  for (const view of VIEWS) {
    routes.get(view.path, answerView(view));
    if (view.takesForm) routes.post(view.path, only(senderOf), largeForm, answerView(view));
  }
  for (const action of ACTIONS) routes.post(action.path, only(operatorOf), largeForm, answerAction(action));

  const errors: ErrorRequestHandler = (error, req, res, next) => {
    if (!res.locals.isPage || !wantsHtml(req)) return next(error);
    const { answer, because, err } = errorOutcome(
      isMalformed(error) ? new HttpError(400, 'the request is malformed') : error,
    );
    if (answer.status === 401 && req.method === 'GET') {
      const location = `${base}${withQuery('/sign-in', { to: req.url === '/' ? undefined : req.url })}`;
      return sendText(req, res, { status: 303, headers: { location, 'content-type': 'text/plain' }, text: '' });
    }
    if (err !== undefined) deps.log.error({ err, method: req.method }, 'a page failed');
    const text = err === undefined ? because : 'Something went wrong here; it is in the log.';
    const shown =
      answer.status === 401
        ? signInFirstView({ to: cameFrom(req, base) })
        : messageView(TITLES[answer.status] ?? 'This did not go well', sentence(text));
    const visitor = visitorOrNobody(req);
    sendText(req, res, document(shown, around(req, visitor), { status: answer.status, headers: answer.headers ?? {} }));
  };
  /** Whoever is refused by name is shown that they are. */
  const visitorOrNobody = (req: Request): Visitor | undefined => {
    try {
      return whoVisits(req);
    } catch {
      return undefined;
    }
  };

  return { routes, errors, show };
}

/** Throws {@link HttpError} (401). */
function signInFirst(): never {
  throw new HttpError(401, 'sign in first, or send the API token to /api');
}

const VARY = { vary: 'Accept, Cookie' };

const TITLES: Readonly<Record<number, string>> = {
  400: 'That can not be asked so',
  403: 'Not allowed',
  404: 'Nothing is here',
  409: 'Not possible now',
  429: 'Too much at once',
  503: 'Not possible now',
};

/** Express reports a malformed path or body as an error with a status, in its own words. */
function isMalformed(error: unknown): boolean {
  const status = Number((error as { readonly status?: number } | undefined)?.status);
  return !(error instanceof HttpError) && status >= 400 && status < 500;
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

/** Several parts of a path are one id, which has slashes. */
function idOf({ params }: Request): string {
  const id: string | string[] | undefined = params.id;
  return Array.isArray(id) ? id.join('/') : (id ?? '');
}

/** Returns the fields of a form or a query that are texts and not empty. Of one that is there twice the last counts. */
function givenIn(fields: unknown): Record<string, string> {
  if (typeof fields !== 'object' || fields === null) return {};
  const texts = Object.entries(fields).map(([name, value]) => [name, [value].flat().at(-1)] as const);
  return Object.fromEntries(
    texts.filter((pair): pair is [string, string] => typeof pair[1] === 'string' && pair[1] !== ''),
  );
}
