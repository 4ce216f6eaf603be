import { json, type NextFunction, type Request, type Response, Router } from 'express';
import { RECONCILE_WORKFLOW } from '../../runs/names.js';
import type { Secret } from '../../secrets/secret.js';
import type { Store } from '../../store/store.js';
import type { Automation } from '../../triggers/automation.js';
import { HttpError } from '../http/http-error.js';
import { sendJson } from '../http/send-json.js';
import type { SourceLimit } from '../source-limit.js';
import { readAnswer } from './answer-approval.js';
import { answerRun } from './approve.js';
import { isAuthorised } from './authorised.js';
import { cancelRuns } from './cancel.js';
import type { DeliveriesAnswer, LogsAnswer, NamedRunAnswer } from './contract.js';
import { listDeliveries, showDelivery } from './deliveries.js';
import { findRun } from './find-run.js';
import { listFlakyTests } from './flaky.js';
import { forget } from './forget.js';
import { listKeptJobs } from './kept-jobs.js';
import { changeLane, listLanes, moveInLane } from './lanes.js';
import { listRuns } from './list-runs.js';
import {
  approveQuery,
  deliveriesQuery,
  deliveryQuery,
  flakyQuery,
  lanesQuery,
  logsQuery,
  namedRunQuery,
  readQuery,
  replayQuery,
  rerunQuery,
  runQuery,
  runsQuery,
  showRunQuery,
} from './query.js';
import { type ReconcileDeps, startReconcile } from './reconcile.js';
import { replayDelivery } from './replay.js';
import { rerun } from './rerun.js';
import { runByHand } from './run-by-hand.js';
import type { RunStateDeps } from './run-state.js';
import { showRun } from './runs.js';
import { listStuckRuns } from './stuck-runs.js';

/** What the operator API works with. */
export interface ApiDeps extends RunStateDeps, ReconcileDeps {
  /** How a source's deliveries are verified; undefined for one that is not configured. */
  readonly verifiedBy: (source: string) => string | undefined;
  /** What this server has refused of a source for its limit, lately. */
  readonly refused: SourceLimit['refused'];
  readonly apiToken: Secret;
  readonly store: Pick<Store, 'inbox' | 'lanes' | 'waits' | 'logs' | 'records' | 'forgetting'>;
  readonly automations: () => readonly Automation[];
  /** Called when there is something to start. */
  readonly wake: () => void;
  /** Of the automations. */
  readonly taskQueue: string;
}

const MAX_INPUTS = '256kb';

/** Routes of the operator API, which the command line asks; contract.ts has its answers. Every request needs the API token. */
export function createApi(deps: ApiDeps): Router {
  const { inbox, logs } = deps.store;
  /** Workflow types that come with Hookyard. */
  const builtIn = () => [
    RECONCILE_WORKFLOW,
    ...deps.automations().flatMap((automation) => (automation.builtIn ? [automation.name] : [])),
  ];
  const router = Router();
  router.use((req, _res, next) => {
    if (isAuthorised(req, deps.apiToken)) return next();
    throw new HttpError(401, 'send the API token as "Authorization: Bearer <token>"', { 'www-authenticate': 'Bearer' });
  });
  router.get(
    '/deliveries',
    answer(async (req) => {
      const query = readQuery(deliveriesQuery, req.query);
      const limited = query.source === undefined ? undefined : deps.refused(query.source);
      return { ...(await listDeliveries(inbox, query)), ...(limited && { limited }) } satisfies DeliveriesAnswer;
    }),
  );
  router.get(
    '/deliveries/:id',
    answer((req) => {
      const { source } = readQuery(deliveryQuery, req.query);
      return showDelivery(deps, inbox, { id: String(req.params.id), source });
    }),
  );
  router.post(
    '/deliveries/:id/replay',
    answer((req) => {
      const { source, automation } = readQuery(replayQuery, req.query);
      return replayDelivery({ inbox, wake: deps.wake }, { id: String(req.params.id), source }, automation);
    }),
  );
  router.get(
    '/runs',
    answer((req) => showRun(deps, readQuery(showRunQuery, req.query))),
  );
  router.get(
    '/runs/list',
    answer((req) => {
      const { limit, page, ...filter } = readQuery(runsQuery, req.query);
      return listRuns({ ...deps, builtIn: builtIn() }, filter, { limit, page });
    }),
  );
  router.get(
    '/runs/named',
    answer(async (req): Promise<NamedRunAnswer | undefined> => {
      const run = await findRun({ ...deps, builtIn: builtIn() }, readQuery(namedRunQuery, req.query).name);
      return run === undefined ? undefined : { run };
    }),
  );
  router.post(
    '/runs/cancel',
    json({ limit: MAX_INPUTS }),
    answer((req) => cancelRuns({ ...deps, builtIn: builtIn() }, req.body)),
  );
  router.post(
    '/runs/rerun',
    answer((req) => {
      const { name, ...how } = readQuery(rerunQuery, req.query);
      return rerun({ ...deps, builtIn: builtIn() }, name, how);
    }),
  );
  router.get(
    '/runs/kept',
    answer((req) => listKeptJobs(deps.client, readQuery(runQuery, req.query).id)),
  );
  router.get(
    '/runs/stuck',
    answer(() => listStuckRuns(deps)),
  );
  for (const [path, approves] of [
    ['/runs/approve', true],
    ['/runs/reject', false],
  ] as const)
    router.post(
      path,
      json({ limit: MAX_INPUTS }),
      answer((req) => {
        const { id: run, sha } = readQuery(approveQuery, req.query);
        return answerRun(deps, { run, sha, approves, ...readAnswer(req.body) });
      }),
    );
  router.post(
    '/automations/:name/runs',
    json({ limit: MAX_INPUTS }),
    answer((req) => {
      // The parser skips a body of another type, and the run would start with its defaults.
      if (req.body === undefined && Number(req.headers['content-length'] ?? 0) > 0)
        throw new HttpError(415, 'send the inputs as application/json');
      return runByHand({ inbox, automations: deps.automations, wake: deps.wake }, String(req.params.name), req.body);
    }),
  );
  const ofLanes = { lanes: deps.store.lanes, wake: deps.wake };
  router.get(
    '/lanes',
    answer((req) => listLanes(ofLanes, readQuery(lanesQuery, req.query))),
  );
  router.post(
    '/lanes/mode',
    json({ limit: MAX_INPUTS }),
    answer((req) => changeLane(ofLanes, req.body)),
  );
  router.post(
    '/lanes/move',
    json({ limit: MAX_INPUTS }),
    answer((req) => moveInLane(ofLanes, req.body)),
  );
  router.post(
    '/reconcile',
    json({ limit: MAX_INPUTS }),
    answer((req) => startReconcile(deps, req.body)),
  );
  router.post(
    '/forget',
    json({ limit: MAX_INPUTS }),
    answer((req) => forget(deps, req.body)),
  );
  router.get(
    '/tests/flaky',
    answer((req) => listFlakyTests(deps.store.records, readQuery(flakyQuery, req.query))),
  );
  router.get(
    '/logs',
    answer(async (req): Promise<LogsAnswer> => {
      const { run, job, after, limit } = readQuery(logsQuery, req.query);
      const lines = job === undefined ? [] : await logs.read({ workflowId: run, job }, { after, limit });
      return { jobs: await logs.jobs(run), lines };
    }),
  );
  return router;
}

/** Answers with what `read` returns, or with 404 if that is undefined. Express passes rejections on. */
function answer(read: (req: Request) => Promise<unknown>) {
  return async (req: Request, res: Response, _next: NextFunction): Promise<void> => {
    const body = await read(req);
    if (body === undefined) throw new HttpError(404, 'there is none of this id');
    sendJson(req, res, { status: 200, body });
  };
}
