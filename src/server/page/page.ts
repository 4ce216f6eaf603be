import { randomUUID } from 'node:crypto';
import express, { type ErrorRequestHandler, type Request, Router } from 'express';
import type { Config } from '../../config/config.js';
import type { Logger } from '../../log.js';
import type { Answers } from '../api/answers.js';
import type { FeedKeys } from '../api/feed-keys.js';
import type { PublicRuns } from '../api/public-runs.js';
import { HttpError } from '../http/http-error.js';
import { basePath } from '../http/own-path.js';
import { createPeerOf } from '../http/peer.js';
import { refuseNul } from '../http/refuse-nul.js';
import { createActionRoutes } from './action-routes.js';
import { ACTIONS } from './actions/index.js';
import { createArtifactRoutes } from './artifact-routes.js';
import { isAskedElsewhere } from './asked-elsewhere.js';
import { createAssetRoutes } from './asset-routes.js';
import { readAssets } from './assets.js';
import type { Around } from './context.js';
import { document } from './document.js';
import { createDone } from './done.js';
import { createErrorPage } from './error-page.js';
import { createFeedAccess } from './feeds/feed-access.js';
import { createFeeds } from './feeds/feeds.js';
import { createForAll } from './for-all.js';
import { givenIn } from './given-in.js';
import { createLogRoutes } from './log-routes.js';
import type { Loopback } from './sign-in/loopback.js';
import { createSessions } from './sign-in/session.js';
import { createSignIn } from './sign-in/sign-in.js';
import { createSignInLog } from './sign-in/sign-in-log.js';
import type { Visitor } from './sign-in/visitor.js';
import { createWhoMay } from './sign-in/who-may.js';
import { createWhoVisits } from './sign-in/who-visits.js';
import type { Shown } from './view.js';
import { createViewRoutes } from './view-routes.js';
import { VIEWS } from './views/index.js';
import { createVisitorRoom } from './visitor-room.js';
import { withoutJsonEnd } from './wants.js';

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

/** Creates the page, as the receiver serves it. What it shows and does is what the API answers and does. */
export function createPage(deps: PageDeps): Page {
  const { answers, server, publicRuns, now } = deps;
  const { publicUrl, apiToken, trustedProxies } = server;
  const base = basePath(publicUrl);
  const assets = readAssets();
  const navigation = VIEWS.flatMap(({ path, navigation: item }) => (item ? [{ path, ...item }] : []));
  const nobody: Around = {
    base,
    path: '',
    query: {},
    visitor: undefined,
    now: 0,
    assets,
    navigation,
    newKey: randomUUID,
  };
  const done = createDone({ apiToken, now });
  const around = (req: Request, visitor: Visitor | undefined): Around => {
    const { done: token = '', ...query } = givenIn(req.query);
    const acted = done.read(token);
    const action = ACTIONS.find(({ path }) => path === acted);
    return { ...nobody, path: req.path, query, visitor, now: now(), done: action?.done };
  };

  const sessions = createSessions({ apiToken, publicUrl, now });
  const signInLog = createSignInLog(deps.log);
  const whoVisits = createWhoVisits(server, { sessions, loopback: deps.loopback });
  const whoMay = createWhoMay({ whoVisits, signInLog, publicUrl });
  const forAll = createForAll(publicRuns);
  const peerOf = createPeerOf(trustedProxies);
  const within = createVisitorRoom();
  const form = express.urlencoded({ extended: false, limit: MAX_FORM });
  const largeForm = [
    express.urlencoded({ extended: false, limit: MAX_LARGE_FORM }),
    express.json({ limit: MAX_LARGE_FORM }),
  ];

  const routes = Router({ caseSensitive: true });
  const accessOf = createFeedAccess({ keys: deps.feedKeys, apiToken, whoVisits });
  routes.use(createFeeds({ answers, accessOf, publicRuns, publicUrl }));
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
  routes.use(refuseNul);
  const showTo = (req: Request, shown: Shown, how?: Parameters<typeof document>[2]) =>
    document(shown, around(req, undefined), how);
  routes.use(createAssetRoutes(assets));
  routes.use(createSignIn({ ...deps, signInLog, sessions, form, show: showTo }));
  routes.use(createLogRoutes({ answers, whoMay, forAll, peerOf, within }));
  routes.use(createArtifactRoutes({ answers, whoMay, within }));
  routes.use(createViewRoutes({ answers, whoMay, forAll, peerOf, within, around, largeForm }));
  routes.use(createActionRoutes({ answers, whoMay, done, base, largeForm }));

  return {
    routes,
    errors: createErrorPage({ whoMay, around, base, log: deps.log }),
    show: (shown, how) => document(shown, { ...nobody, now: now() }, how),
  };
}
