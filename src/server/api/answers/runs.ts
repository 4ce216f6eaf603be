import { readAnswer } from '../answer-approval.js';
import { answerRun } from '../approve.js';
import { cancelRuns } from '../cancel.js';
import type { NamedRunAnswer } from '../contract.js';
import { findRun } from '../find-run.js';
import { listKeptJobs } from '../kept-jobs.js';
import { listNotBegun } from '../list-not-begun.js';
import { listRuns } from '../list-runs.js';
import { approveQuery, namedRunQuery, rerunQuery, runQuery, runsQuery, showRunQuery } from '../queries/runs.js';
import { readQuery } from '../query.js';
import { repositorySpellings } from '../repository-spellings.js';
import { rerun } from '../rerun.js';
import { showRun } from '../runs.js';
import { standingOf } from '../standing-in-lane.js';
import { listStuckRuns } from '../stuck/stuck-runs.js';
import { showWholeRun } from '../whole-run.js';
import { whoOf } from './acts.js';
import type { SharedDeps } from './deps.js';
import type { AnswerRequest, ChangeRequest } from './request.js';

/** Returns what is answered about runs. */
export function runAnswers(deps: SharedDeps) {
  const { acts, inTurn } = deps;
  const ofRuns = () => ({ ...deps, builtIn: deps.builtIn() });
  return {
    async run({ query }: AnswerRequest) {
      const asked = readQuery(showRunQuery, query);
      const state = await showRun(deps, asked);
      const mayWait = asked.all !== undefined && (state?.status === 'running' || state?.status === 'waiting');
      const standing = mayWait ? await standingOf(deps.store.lanes, asked.id) : undefined;
      return state && { ...state, ...(standing !== undefined && { standing }) };
    },
    async runs({ query }: AnswerRequest) {
      const { limit, page, repository: named, ...filter } = readQuery(runsQuery, query);
      const repository = named === undefined ? undefined : await repositorySpellings(deps.store.inbox, named);
      const asked = { ...filter, repository };
      const notBegun = page === undefined ? await listNotBegun(deps.store.lanes, asked, limit) : {};
      return { ...(await listRuns(ofRuns(), asked, { limit, page })), ...notBegun };
    },
    wholeRun({ query }: AnswerRequest) {
      const { name } = readQuery(namedRunQuery, query);
      return inTurn(() => showWholeRun(ofRuns(), name));
    },
    async namedRun({ query }: AnswerRequest): Promise<NamedRunAnswer | undefined> {
      const run = await findRun(ofRuns(), readQuery(namedRunQuery, query).name);
      return run === undefined ? undefined : { run };
    },
    async cancel({ body, ...who }: ChangeRequest, through?: string) {
      const answer = await cancelRuns(ofRuns(), body, through);
      const { dryRun } = body as { readonly dryRun?: boolean };
      if (!dryRun)
        for (const run of answer?.runs ?? []) await acts.record({ ...whoOf(who, body), act: 'cancel', on: run });
      return answer;
    },
    rerun({ query, ...who }: ChangeRequest) {
      const { name, ...asked } = readQuery(rerunQuery, query);
      const act = asked.fromFailed ? 'rerun from failed' : 'rerun';
      const again = rerun(ofRuns(), name, asked);
      return acts.recorded(who, again, ({ run, rerunOf }) => ({ act, on: rerunOf, result: run }));
    },
    keptJobs({ query }: AnswerRequest) {
      return listKeptJobs(deps.client, readQuery(runQuery, query).id);
    },
    stuckRuns: () => listStuckRuns(deps),
    answerApproval({ query, body, ...who }: ChangeRequest, approves: boolean) {
      const { id: run, sha } = readQuery(approveQuery, query);
      const said = readAnswer(body);
      const answered = answerRun(deps, { run, sha, approves, ...said });
      const act = approves ? 'approve' : 'reject';
      return acts.recorded(whoOf(who, said), answered, ({ approved, rejected = approved }) => ({
        ...{ act, on: run },
        ...(rejected !== undefined && { result: rejected }),
      }));
    },
  };
}
