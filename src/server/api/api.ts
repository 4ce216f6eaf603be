import { json, type NextFunction, type Request, type Response, Router } from 'express';
import type { Secret } from '../../secrets/secret.js';
import { HttpError } from '../http/http-error.js';
import { sendJson } from '../http/send-json.js';
import type { Answers } from './answers.js';
import { isAuthorised } from './authorised.js';
import type { ActBy } from './contract.js';
import { operatorName } from './operator-name.js';

/** What the operator API works with. */
export interface ApiDeps {
  readonly answers: Answers;
  readonly apiToken: Secret;
}

const MAX_INPUTS = '256kb';

/** Routes of the operator API, which the command line asks; contract.ts has its answers. Every request needs the API token. */
export function createApi({ answers, apiToken }: ApiDeps): Router {
  const router = Router();
  router.use((req, _res, next) => {
    if (isAuthorised(req, apiToken)) return next();
    throw new HttpError(401, 'send the API token as "Authorization: Bearer <token>"', { 'www-authenticate': 'Bearer' });
  });
  const get = (path: string, read: (asked: { id: string; query: unknown }) => Promise<unknown>) =>
    router.get(
      path,
      answer(({ params, query }) => read({ id: String(params.id ?? ''), query })),
    );
  type Change = (asked: ActBy & { id: string; query: unknown; body: unknown }) => Promise<unknown>;
  const post = (path: string, change: Change) =>
    router.post(
      path,
      json({ limit: MAX_INPUTS }),
      answer((req) => {
        const { params, query, body } = req;
        return change({ id: String(params.id ?? ''), query, body, by: whoAsks(req), how: 'api' });
      }),
    );
  get('/overview', () => answers.overview());
  get('/deliveries', answers.deliveries);
  get('/deliveries/:id', answers.delivery);
  post('/deliveries/:id/replay', answers.replay);
  get('/runs', answers.run);
  get('/runs/list', answers.runs);
  get('/runs/named', answers.namedRun);
  get('/runs/kept', answers.keptJobs);
  get('/runs/whole', answers.wholeRun);
  get('/runs/stuck', () => answers.stuckRuns());
  post('/runs/cancel', (asked) => answers.cancel(asked));
  post('/runs/rerun', answers.rerun);
  post('/runs/approve', (asked) => answers.answerApproval(asked, true));
  post('/runs/reject', (asked) => answers.answerApproval(asked, false));
  get('/automations', () => answers.automations());
  get('/automations/:id', answers.automation);
  router.post('/automations/:id/runs', (req, _res, next) => {
    // The parser skips a body of another type, and the run would start with its defaults.
    if (Number(req.headers['content-length'] ?? 0) > 0 && !req.is('application/json'))
      throw new HttpError(415, 'send the inputs as application/json');
    next();
  });
  post('/automations/:id/runs', answers.runByHand);
  get('/sources', () => answers.sources());
  get('/outbound', answers.outbound);
  get('/lanes', answers.lanes);
  post('/lanes/mode', answers.changeLane);
  post('/lanes/move', answers.moveInLane);
  post('/reconcile', answers.reconcile);
  post('/forget', answers.forget);
  get('/tests/flaky', answers.flakyTests);
  get('/logs', answers.logs);
  get('/logs/open', answers.openLog);
  get('/logs/search', answers.searchLog);
  router.get('/logs/text', ({ query }, res) => answers.sendLogText({ query }, res));
  router.get('/logs/live', (req, res) => {
    const lastEventId = req.get('last-event-id');
    return answers.followLog({ query: req.query, by: 'the API token', lastEventId }, res);
  });
  get('/acts', answers.operatorActs);
  return router;
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

/** Answers with what `read` returns, or with 404 if that is undefined. Express passes rejections on. */
function answer(read: (req: Request) => Promise<unknown>) {
  return async (req: Request, res: Response, _next: NextFunction): Promise<void> => {
    const body = await read(req);
    if (body === undefined) throw new HttpError(404, 'there is none of this id');
    sendJson(req, res, { status: 200, body });
  };
}
