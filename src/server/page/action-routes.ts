import { type Request, type RequestHandler, type Response, Router } from 'express';
import type { Answers } from '../api/answers.js';
import { HttpError } from '../http/http-error.js';
import { refuseNul } from '../http/refuse-nul.js';
import { sendJson, sendText } from '../http/send-json.js';
import type { Action } from './action.js';
import { ACTIONS } from './actions/index.js';
import type { Done } from './done.js';
import { givenIn, idIn } from './given-in.js';
import { withQuery } from './paths.js';
import type { WhoMay } from './sign-in/who-may.js';
import { wantsJson } from './wants.js';

/** What {@link createActionRoutes} works with. */
export interface ActionRoutesDeps {
  readonly answers: Answers;
  readonly whoMay: WhoMay;
  readonly done: Done;
  /** Path of the public address, before all paths. */
  readonly base: string;
  /** Read forms, once it is known that an operator has sent them. */
  readonly largeForm: readonly RequestHandler[];
}

/** Creates the routes of all that operators change: each leads to where it is seen. */
export function createActionRoutes({ answers, whoMay, done, base, largeForm }: ActionRoutesDeps): Router {
  const answerAction = (action: Action) => async (req: Request, res: Response) => {
    const { who: by, role: _, ...known } = whoMay.operator(req);
    const acted = await action.act(answers, { id: idIn(req), form: givenIn(req.body), who: { by, ...known } });
    if (!acted) throw new HttpError(404, 'there is none of this name: it was never there, or is not kept any more');
    if (wantsJson(req)) return sendJson(req, res, { status: 200, body: acted.answer });
    const location = `${base}${withQuery(acted.to, { done: done.sign(acted.said ?? action.path) })}`;
    sendText(req, res, { status: 303, headers: { location, 'content-type': 'text/plain' }, text: '' });
  };

  const onlyOperators: RequestHandler = (req, _res, next) => {
    whoMay.operator(req);
    next();
  };
  const routes = Router({ caseSensitive: true });
  for (const action of ACTIONS)
    routes.post(action.path, onlyOperators, [...largeForm, refuseNul], answerAction(action));
  return routes;
}
