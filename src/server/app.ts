import type { IncomingMessage, RequestListener } from 'node:http';
import type { Client } from '@temporalio/client';
import express, { type ErrorRequestHandler } from 'express';
import type { Config } from '../config/config.js';
import { ISSUER_PATH, KEYS_PATH } from '../identity/documents.js';
import { createOutdating } from '../intake/outdate-approvals.js';
import type { Logger } from '../log.js';
import type { KnownSources } from '../providers/known-sources.js';
import type { Store } from '../store/store.js';
import type { Tracing } from '../tracing/tracing.js';
import type { Automation } from '../triggers/automation.js';
import { createAnswers } from './api/answers.js';
import { createApi } from './api/api.js';
import { createFeedKeys } from './api/feed-keys.js';
import { createPublicRuns } from './api/public-runs.js';
import type { StuckRounds } from './api/stuck/scan-for-stuck-runs.js';
import { createApprovalLinks } from './approval-links.js';
import { createCallbackHandler } from './callbacks.js';
import { createReadiness, type WorkerState } from './health.js';
import { createBodyBudget } from './http/body-budget.js';
import { expressError } from './http/express-error.js';
import { HttpError } from './http/http-error.js';
import { createOwnPath } from './http/own-path.js';
import { createPeerOf } from './http/peer.js';
import { sendJson } from './http/send-json.js';
import { createIssuerRoutes } from './issuer.js';
import { defaultLimits, type Limits } from './limits.js';
import type { ReceiverMetrics } from './metrics.js';
import { errorOutcome } from './outcome.js';
import { createPage } from './page/page.js';
import { createLoopback } from './page/sign-in/loopback.js';
import { createSourceLimit } from './source-limit.js';
import { createWebhookHandler } from './webhook.js';
import { createWriteHealth } from './write-health.js';

/** What {@link createApp} works with. */
export interface AppDeps {
  readonly config: Pick<Config, 'data' | 'storage' | 'artifacts' | 'sources' | 'inbox' | 'server' | 'temporal'>;
  /** What `config.sources` are, with how each is received from. */
  readonly sources: KnownSources;
  readonly store: Pick<
    Store,
    'inbox' | 'lanes' | 'waits' | 'logs' | 'records' | 'forgetting' | 'attempts' | 'damaged' | 'onWrite'
  >;
  /** Asked for each delivery: automations may be reloaded while the receiver runs. */
  readonly automations: () => readonly Automation[];
  readonly client: Client;
  readonly log: Logger;
  /** Called when the inbox holds something new for the dispatcher. */
  readonly wake: () => void;
  /** Tells whether the worker runs, where this process has started one. */
  readonly worker?: (() => WorkerState) | undefined;
  /** What goes through the runs for those that are stuck, where something does. */
  readonly rounds?: StuckRounds;
  readonly metrics?: ReceiverMetrics | undefined;
  readonly tracing?: Pick<Tracing, 'delivery'> | undefined;
  /** Returns by which address others reach the receiver, where a command has written one down. */
  readonly reachedAs?: () => string | undefined;
  readonly limits?: Partial<Limits>;
  /** Unix ms. */
  readonly now?: () => number;
  /** Aborted when the server stops: those who follow logs are sent nothing more then. */
  readonly stopping?: AbortSignal;
}

/** Creates the receiver's routes. Everything that it answers is JSON, but for the page, and where links in messages lead. */
export function createApp(deps: AppDeps): RequestListener {
  const { config, sources, store, client, log } = deps;
  const limits = { ...defaultLimits, ...deps.limits };
  const writes = createWriteHealth({ ...store, log });
  const { inbox } = store;
  const budget = createBodyBudget(limits.bodiesInFlight);
  const shared = { inbox, log, budget, limits, wake: deps.wake, now: deps.now ?? Date.now };
  const { apiToken, callbackKey } = config.server;
  const sourceLimit = createSourceLimit();
  const webhook = createWebhookHandler({
    ...shared,
    peerOf: createPeerOf(config.server.trustedProxies),
    sourceLimit,
    config,
    sources,
    automations: deps.automations,
    metrics: deps.metrics,
    tracing: deps.tracing,
    outdate: createOutdating({ records: store.records, inbox, log, wake: deps.wake }),
  });
  const callback = createCallbackHandler({ ...shared, callbackKey });
  const readiness = createReadiness({ inbox, writes, client, worker: deps.worker });
  const feedKeys = createFeedKeys(apiToken);
  const publicRuns = createPublicRuns({ sources: config.sources, inbox });
  const answers = createAnswers({
    ...deps,
    feedKeys,
    publicUrl: config.server.publicUrl,
    uiUrl: config.temporal.uiUrl,
    taskQueue: config.temporal.taskQueue,
    verifiedBy: (source) => sources[source]?.scheme.capabilities.verifiedBy,
    refused: sourceLimit.refused,
    readiness: async () => (await readiness()).body,
  });
  const loopback = createLoopback({ server: config.server, reachedAs: deps.reachedAs ?? (() => undefined), log });
  const page = createPage({
    ...{ answers, feedKeys, publicRuns, loopback, log },
    ...{ server: config.server, now: shared.now },
  });
  const links = createApprovalLinks({ ...shared, callbackKey, records: store.records, show: page.show });

  const app = express();
  app.disable('x-powered-by').disable('etag').set('query parser', 'simple');
  app.enable('case sensitive routing');
  app.post('/webhooks/:source', (req, res) => webhook(req, res, req.params.source));
  app.all('/webhooks/:source', () => {
    throw new HttpError(
      405,
      'webhooks are sent with POST; put this address into the webhook settings of the provider',
      {
        allow: 'POST',
      },
    );
  });
  app.post('/callbacks/:token', (req, res) => callback(req, res, req.params.token));
  app.get('/approvals/:token', (req, res) => links.ask(req, res, req.params.token));
  app.post('/approvals/:token', (req, res) => links.take(req, res, req.params.token));
  app.get('/healthz', (req, res) => sendJson(req, res, { status: 200, body: { alive: true } }));
  app.get('/readyz', async (req, res) => sendJson(req, res, await readiness()));
  const issuer = createIssuerRoutes(config.server);
  if (issuer) app.get(ISSUER_PATH, issuer.document).get(KEYS_PATH, issuer.keys);
  app.use('/api', createApi({ answers, apiToken, publicUrl: config.server.publicUrl }));
  app.use(page.routes);
  app.use(() => {
    throw new HttpError(404, 'there is nothing at this address');
  });
  app.use(page.errors);
  app.use(answerError(log));
  const ownPath = createOwnPath(config.server.publicUrl);
  return (req, res) => {
    if (loopback.isWatching) loopback.watch(req);
    req.url = ownPath(req.url ?? '/');
    const source = sourceOf(req);
    if (source === undefined) app(req, res);
    else void webhook(req, res, source);
  };
}

/**
 * Returns the source that a delivery comes from if its address is written plainly, as providers write it. Such a request
 * does not go through Express, whose routing would be a fifth of the receiver's work for it; all others do.
 */
function sourceOf({ method, url }: IncomingMessage): string | undefined {
  return method === 'POST' && url ? /^\/webhooks\/([a-z0-9-]+)$/.exec(url)?.[1] : undefined;
}

/** Answers errors, also those of Express. */
function answerError(log: Logger): ErrorRequestHandler {
  return (error, req, res, _next) => {
    const { kind, answer, err } = errorOutcome(expressError(error) ?? error);
    if (kind === 'failed') log.error({ err, method: req.method }, 'a request failed');
    sendJson(req, res, answer);
  };
}
