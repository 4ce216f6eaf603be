import { json, type Request, type RequestHandler, Router } from 'express';
import type { Secret } from '../../secrets/secret.js';
import { HttpError } from '../http/http-error.js';
import { refuseNul } from '../http/refuse-nul.js';
import { sendJson } from '../http/send-json.js';
import type { Answers } from './answers.js';
import { isAuthorised } from './authorised.js';
import { openApi } from './open-api.js';
import { operatorName } from './operator-name.js';
import type { Route, RouteAsked } from './route.js';
import { ROUTES } from './routes.js';

/** What the operator API works with. */
export interface ApiDeps {
  readonly answers: Answers;
  readonly apiToken: Secret;
  /** How others reach the server. */
  readonly publicUrl: string | undefined;
}

const MAX_BODY = '256kb';

/** Creates the operator API from the table of its routes, with the document that tells of them. Every request needs the API token. */
export function createApi({ answers, apiToken, publicUrl }: ApiDeps): Router {
  const router = Router();
  router.use((req, _res, next) => {
    if (isAuthorised(req, apiToken)) return next();
    throw new HttpError(401, 'send the API token as "Authorization: Bearer <token>"', { 'www-authenticate': 'Bearer' });
  });
  router.get('/openapi.json', (req, res) => sendJson(req, res, { status: 200, body: openApi({ publicUrl }) }));
  for (const route of Object.values(ROUTES).flat()) {
    const handler = answering(answers, route);
    if (route.method === 'get') router.get(route.path, refuseNul, handler);
    else router.post(route.path, refuseOtherTypes, json({ limit: route.maxBody ?? MAX_BODY }), refuseNul, handler);
  }
  return router;
}

/** The parser skips a body of another type, and a run would start with its defaults. */
const refuseOtherTypes: RequestHandler = (req, _res, next) => {
  if (Number(req.headers['content-length'] ?? 0) > 0 && !req.is('application/json'))
    throw new HttpError(415, 'send what you ask for as application/json');
  next();
};

/** Answers with what the route gives, or with 404 if that is undefined. Express passes rejections on. */
function answering(answers: Answers, route: Route): RequestHandler {
  return async (req, res) => {
    const asked = askedBy(req);
    if (route.kind === 'stream') return route.send(answers, asked, res);
    const body = await route.give(answers, asked);
    if (body === undefined) throw new HttpError(404, 'there is none of this id');
    sendJson(req, res, { status: 200, body });
  };
}

function askedBy(req: Request): RouteAsked {
  const { params, query, body } = req;
  const lastEventId = req.get('last-event-id');
  return { id: String(params.id ?? ''), query, body, by: whoAsks(req), how: 'api', lastEventId };
}

/** Returns what the operator calls themselves, percent-encoded. The token says that they are one, and not which. */
function whoAsks({ headers }: Request): string {
  const said = headers['x-hookyard-by'];
  try {
    return operatorName(typeof said === 'string' ? decodeURIComponent(said) : '');
  } catch {
    return operatorName('');
  }
}
