import { type Request, type RequestHandler, type Response, Router } from 'express';
import { sharedAnswers } from '../../async/shared-answer.js';
import type { Answers } from '../api/answers.js';
import { HttpError } from '../http/http-error.js';
import type { PeerOf } from '../http/peer.js';
import { sendJson, sendText } from '../http/send-json.js';
import type { Around } from './context.js';
import { document } from './document.js';
import { ANYBODY, type ForAll } from './for-all.js';
import { givenIn, idIn } from './given-in.js';
import type { Visitor } from './sign-in/visitor.js';
import { signInFirst, type WhoMay } from './sign-in/who-may.js';
import type { Opened, View, ViewAsked } from './view.js';
import { VIEWS } from './views/index.js';
import type { VisitorRoom } from './visitor-room.js';
import { wantsJson } from './wants.js';

/** What {@link createViewRoutes} works with. */
export interface ViewRoutesDeps {
  readonly answers: Answers;
  readonly whoMay: WhoMay;
  readonly forAll: ForAll;
  readonly peerOf: PeerOf;
  /** Of those who have signed in. */
  readonly within: VisitorRoom;
  readonly around: (req: Request, visitor: Visitor | undefined) => Around;
  /** Read forms, once it is known who has sent them. */
  readonly largeForm: readonly RequestHandler[];
}

const VARY = { vary: 'Accept, Cookie' };
/** What everybody sees of a public run is used so long. Browsers read it again every three seconds. */
const FRESH_MS = 2_000;
/** Views of public runs that are remembered. */
const MAX_SHARED = 50;

/** Creates the routes of all views: as a page, or as JSON. */
export function createViewRoutes(deps: ViewRoutesDeps): Router {
  const { answers, whoMay, forAll, peerOf, within, around, largeForm } = deps;
  const openForOne = async (_: string, peer: string, open: () => Promise<Opened | undefined>) => {
    forAll.mayAsk(peer);
    return open();
  };
  const shared = sharedAnswers(openForOne, { freshMs: FRESH_MS, most: MAX_SHARED });
  const openForAll = async (view: View, asked: ViewAsked, peer: string) => {
    if (!view.openForAll) return signInFirst();
    const { id, part, query } = asked;
    await forAll.mustBePublic(peer, id);
    const named = JSON.stringify([view.path, id, part, query]);
    return forAll.read(peer, () => shared(named, peer, async () => view.openForAll?.(answers, asked)));
  };

  const answerView = (view: View) => async (req: Request, res: Response) => {
    const visitor = whoMay.named(req);
    const at: Around = { ...around(req, visitor), isPublic: visitor === undefined };
    const form = req.method === 'POST' ? givenIn(req.body) : undefined;
    const who = visitor?.who ?? ANYBODY;
    const asked: ViewAsked = { id: idIn(req), part: String(req.params.part ?? ''), query: at.query, form, who };
    const opened = visitor
      ? await within(who, () => view.open(answers, asked))
      : await openForAll(view, asked, peerOf(req));
    if (!opened) throw new HttpError(404, 'there is none of this name: it was never there, or is not kept any more');
    if (wantsJson(req)) sendJson(req, res, { status: 200, headers: VARY, body: opened.answer });
    else sendText(req, res, document(opened.show(), at));
  };

  const onlySenders: RequestHandler = (req, _res, next) => {
    whoMay.sender(req);
    next();
  };
  const routes = Router({ caseSensitive: true });
  for (const view of VIEWS) {
    routes.get(view.path, answerView(view));
    if (view.takesForm) routes.post(view.path, onlySenders, [...largeForm], answerView(view));
  }
  return routes;
}
