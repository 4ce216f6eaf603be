import type { ServerResponse } from 'node:http';
import { createTurns } from '../../async/turns.js';
import { RECONCILE_WORKFLOW } from '../../runs/names.js';
import type { Store } from '../../store/store.js';
import type { Automation } from '../../triggers/automation.js';
import { HttpError } from '../http/http-error.js';
import type { SourceLimit } from '../source-limit.js';
import { readAnswer } from './answer-approval.js';
import { answerRun } from './approve.js';
import { createAutomationAnswers } from './automations.js';
import { cancelRuns } from './cancel.js';
import type {
  ActBy,
  DeliveriesAnswer,
  LogSearchAnswer,
  LogsAnswer,
  NamedRunAnswer,
  OperatorActsAnswer,
} from './contract.js';
import { listDeliveries, showDelivery } from './deliveries.js';
import { findRun } from './find-run.js';
import { listFlakyTests } from './flaky.js';
import { forget } from './forget.js';
import { listKeptJobs } from './kept-jobs.js';
import { changeLane, listLanes, moveInLane } from './lanes.js';
import { listRuns } from './list-runs.js';
import { isRunOpen } from './log/is-run-open.js';
import { createLiveLogs } from './log/live-logs.js';
import { lookFor } from './log/look.js';
import { openLog } from './log/open-log.js';
import { sendLogText } from './log/send-log-text.js';
import { createActRecord, listActs, type NewAct } from './operator-acts.js';
import { listOutbound } from './outbound.js';
import { createOverview, type OverviewDeps } from './overview.js';
import {
  actsQuery,
  approveQuery,
  deliveriesQuery,
  flakyQuery,
  followLogQuery,
  lanesQuery,
  logsQuery,
  logTextQuery,
  namedRunQuery,
  openLogQuery,
  outboundQuery,
  readQuery,
  replayQuery,
  rerunQuery,
  runQuery,
  runsQuery,
  searchLogQuery,
  showDeliveryQuery,
  showRunQuery,
} from './query.js';
import { type ReconcileDeps, startReconcile } from './reconcile.js';
import { replayDelivery } from './replay.js';
import { rerun } from './rerun.js';
import { runByHand } from './run-by-hand.js';
import type { RunStateDeps } from './run-state.js';
import { showRun } from './runs.js';
import { shownRecord } from './shown-record.js';
import { createSourcesAnswer } from './sources.js';
import { listStuckRuns } from './stuck-runs.js';
import { showWholeRun } from './whole-run.js';

/** What {@link createAnswers} works with. */
export interface AnswersDeps extends RunStateDeps, ReconcileDeps, Omit<OverviewDeps, 'builtIn'> {
  /** How a source's deliveries are verified; undefined for one that is not configured. */
  readonly verifiedBy: (source: string) => string | undefined;
  /** What this server has refused of a source for its limit, lately. */
  readonly refused: SourceLimit['refused'];
  readonly store: Pick<Store, 'inbox' | 'lanes' | 'waits' | 'logs' | 'records' | 'forgetting' | 'attempts'>;
  readonly automations: () => readonly Automation[];
  /** Called when there is something to start. */
  readonly wake: () => void;
  /** Aborted when the server stops: nobody is sent anything more then. */
  readonly stopping?: AbortSignal | undefined;
}

/** What an operator asks for: `id` is the part of the path that names it, if any. */
export interface Asked {
  readonly id?: string;
  readonly query?: unknown;
  readonly body?: unknown;
}

/** What an operator changes, and who they are. */
export interface Changed extends Asked, ActBy {}

/** What somebody asks to follow, and what they are called. */
export interface FollowAsked extends Asked {
  readonly by: string;
  /** What a browser that connects again has seen. */
  readonly lastEventId?: string | undefined;
}

/** Searches, and views of whole runs and of logs: the store is asked for them by the thread that also takes deliveries. */
const LOOKS = {
  ...{ atOnce: 4, waiting: 32, waitMs: 10_000 },
  error: () =>
    new HttpError(503, 'too much is searched and read here now: try again in a moment', { 'retry-after': '5' }),
};

/** All that can be asked and changed: the routes of `/api` and the views of the page call these, and nothing else. */
export type Answers = ReturnType<typeof createAnswers>;

/**
 * Creates a function for each question and each change of an operator, whose answers contract.ts has. Undefined: there is nothing of
 * this name. They throw {@link HttpError} for what is asked wrongly. Who changes something is logged and kept.
 */
export function createAnswers(deps: AnswersDeps) {
  const { inbox, logs, lanes, records } = deps.store;
  /** Workflow types that come with Hookyard. */
  const builtIn = () => [
    RECONCILE_WORKFLOW,
    ...deps.automations().flatMap((automation) => (automation.builtIn ? [automation.name] : [])),
  ];
  const ofRuns = () => ({ ...deps, builtIn: builtIn() });
  const ofLanes = { lanes, wake: deps.wake };
  const automations = createAutomationAnswers(deps);
  const isOpen = (run: string) => isRunOpen(deps.client, run);
  const liveLogs = createLiveLogs({ logs, isOpen, log: deps.log, stopping: deps.stopping });
  const inTurn = createTurns(LOOKS);
  const record = createActRecord({ records, log: deps.log });
  /** Keeps that something was changed, once it was, and what it came to. */
  const recorded = async <A>(
    who: ActBy,
    change: Promise<A | undefined>,
    actOf: (answer: A) => Omit<NewAct, keyof ActBy>,
  ): Promise<A | undefined> => {
    const answer = await change;
    if (answer !== undefined) await record({ ...whoOf(who), ...actOf(answer) });
    return answer;
  };
  return {
    overview: createOverview({ ...deps, builtIn }),
    async deliveries({ query }: Asked): Promise<DeliveriesAnswer> {
      const read = readQuery(deliveriesQuery, query);
      const limited = read.source === undefined ? undefined : deps.refused(read.source);
      const { deliveries, ...page } = await inTurn(() => listDeliveries(inbox, read));
      return { deliveries: deliveries.map(shownRecord), ...page, ...(limited && { limited }) };
    },
    async delivery({ id = '', query }: Asked) {
      const { source, content, diff } = readQuery(showDeliveryQuery, query);
      const asked = { id, source, withContent: content === 'true', withDiff: diff === 'true' };
      const show = () => showDelivery(deps, inbox, asked);
      const found = await (asked.withDiff ? inTurn(show) : show());
      return found && shownRecord(found);
    },
    replay({ id = '', query, ...who }: Changed) {
      const { source, automation } = readQuery(replayQuery, query);
      const again = replayDelivery({ inbox, wake: deps.wake }, { id, source }, automation);
      return recorded(who, again, ({ delivery, runs }) => ({ act: 'replay', on: delivery, result: runs.join(', ') }));
    },
    run({ query }: Asked) {
      return showRun(deps, readQuery(showRunQuery, query));
    },
    runs({ query }: Asked) {
      const { limit, page, ...filter } = readQuery(runsQuery, query);
      return listRuns(ofRuns(), filter, { limit, page });
    },
    wholeRun({ query }: Asked) {
      const { name } = readQuery(namedRunQuery, query);
      return inTurn(() => showWholeRun(ofRuns(), name));
    },
    async namedRun({ query }: Asked): Promise<NamedRunAnswer | undefined> {
      const run = await findRun(ofRuns(), readQuery(namedRunQuery, query).name);
      return run === undefined ? undefined : { run };
    },
    async cancel({ body, ...who }: Changed, through?: string) {
      const answer = await cancelRuns(ofRuns(), body, through);
      const { dryRun } = body as { readonly dryRun?: boolean };
      if (!dryRun) for (const run of answer?.runs ?? []) await record({ ...whoOf(who, body), act: 'cancel', on: run });
      return answer;
    },
    rerun({ query, ...who }: Changed) {
      const { name, ...asked } = readQuery(rerunQuery, query);
      const act = asked.fromFailed ? 'rerun from failed' : 'rerun';
      return recorded(who, rerun(ofRuns(), name, asked), ({ run, rerunOf }) => ({ act, on: rerunOf, result: run }));
    },
    keptJobs({ query }: Asked) {
      return listKeptJobs(deps.client, readQuery(runQuery, query).id);
    },
    stuckRuns: () => listStuckRuns(deps),
    answerApproval({ query, body, ...who }: Changed, approves: boolean) {
      const { id: run, sha } = readQuery(approveQuery, query);
      const said = readAnswer(body);
      const answered = answerRun(deps, { run, sha, approves, ...said });
      const act = approves ? 'approve' : 'reject';
      return recorded(whoOf(who, said), answered, ({ approved, rejected = approved }) => ({
        ...{ act, on: run },
        ...(rejected !== undefined && { result: rejected }),
      }));
    },
    runByHand({ id = '', body, ...who }: Changed) {
      const started = runByHand({ inbox, automations: deps.automations, wake: deps.wake }, id, body);
      return recorded(who, started, ({ run }) => ({ act: 'run', on: id, result: run }));
    },
    automations: () => automations.all(),
    automation: ({ id = '' }: Asked) => automations.one(id),
    sources: createSourcesAnswer(deps),
    outbound({ query }: Asked) {
      return listOutbound(deps.store.attempts, readQuery(outboundQuery, query));
    },
    lanes({ query }: Asked) {
      return listLanes(ofLanes, readQuery(lanesQuery, query));
    },
    changeLane({ body, ...who }: Changed) {
      const changed = changeLane(ofLanes, body);
      return recorded(whoOf(who, body), changed, ({ mode, title }) => ({ act: `lane ${mode}`, on: title }));
    },
    async moveInLane({ body, ...who }: Changed) {
      const answer = await moveInLane(ofLanes, body);
      await record({ ...whoOf(who, body), act: 'move ahead in its lane', on: answer.run });
      return answer;
    },
    async reconcile({ body, ...who }: Changed) {
      const answer = await startReconcile(deps, body);
      for (const { source } of answer.runs) await record({ ...whoOf(who), act: 'reconcile', on: source });
      return answer;
    },
    async forget({ body, ...who }: Changed) {
      const answer = await forget(deps, body);
      const { repository, source, delivery, dryRun, from } = body as { readonly [name: string]: unknown };
      // A slice at a time: the first says it for all.
      if (answer && !dryRun && from === undefined)
        await record({ ...whoOf(who), act: 'forget', on: String(delivery ?? repository ?? source) });
      return answer;
    },
    flakyTests({ query }: Asked) {
      const asked = readQuery(flakyQuery, query);
      return inTurn(() => listFlakyTests(records, asked));
    },
    async logs({ query }: Asked): Promise<LogsAnswer> {
      const { run, job, after, limit } = readQuery(logsQuery, query);
      const lines = job === undefined ? [] : await logs.read({ workflowId: run, job }, { after, limit });
      return { jobs: await logs.jobs(run), lines };
    },
    openLog({ query }: Asked) {
      const { run, job, ...asked } = readQuery(openLogQuery, query);
      return inTurn(() => openLog({ logs, isOpen }, { run, job }, asked));
    },
    async searchLog({ query }: Asked): Promise<LogSearchAnswer | undefined> {
      const { run, job, text, from, back = false, limit } = readQuery(searchLogQuery, query);
      const key = { workflowId: run, job };
      const extent = await logs.extent(key);
      if (!extent) return undefined;
      const first = from ?? (back ? extent.last : extent.first);
      return inTurn(() => lookFor(logs, key, { extent, text, from: first, back, limit }));
    },
    /** Answers itself: with all of a job's output, as text. */
    sendLogText({ query }: Asked, res: ServerResponse): Promise<void> {
      const { run, job } = readQuery(logTextQuery, query);
      return sendLogText(res, { logs, key: { workflowId: run, job } });
    },
    /** Answers itself: with a job's output as it comes. */
    followLog({ query, by, lastEventId = '' }: FollowAsked, res: ServerResponse): Promise<void> {
      const { run, job, after } = readQuery(followLogQuery, query);
      const from = /^\d{1,15}$/.test(lastEventId) ? Number(lastEventId) : after;
      return liveLogs.follow(res, { run, job, after: from, by });
    },
    operatorActs({ query }: Asked): Promise<OperatorActsAnswer> {
      return listActs(records, readQuery(actsQuery, query));
    },
  };
}

/** Returns who acts, and nothing else that was asked: by the name that a body says, where it says one. */
function whoOf({ by, how, subject }: ActBy, body?: unknown): ActBy {
  const said = (body as { readonly by?: unknown } | undefined)?.by;
  return { by: typeof said === 'string' ? said : by, how, ...(subject !== undefined && { subject }) };
}
