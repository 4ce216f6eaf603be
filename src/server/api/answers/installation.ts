import type { OperatorActsAnswer } from '../contract.js';
import { listFlakyTests } from '../flaky.js';
import { forget } from '../forget.js';
import { listActs } from '../operator-acts.js';
import { listOutbound } from '../outbound/list.js';
import { resendMessage } from '../outbound/resend.js';
import { retryMessage } from '../outbound/retry.js';
import { createOverview } from '../overview.js';
import { actsQuery, flakyQuery, outboundQuery, sourcesQuery } from '../queries/installation.js';
import { readQuery } from '../query.js';
import { startReconcile } from '../reconcile.js';
import { createSourcesAnswer } from '../sources.js';
import { whoOf } from './acts.js';
import type { SharedDeps } from './deps.js';
import type { AnswerRequest, ChangeRequest } from './request.js';

/** Returns what is answered about the installation as a whole, and what is kept there. */
export function installationAnswers(deps: SharedDeps) {
  const { acts, inTurn } = deps;
  const { attempts, records } = deps.store;
  const sources = createSourcesAnswer(deps);
  return {
    overview: createOverview(deps),
    sources({ query }: AnswerRequest) {
      return sources(readQuery(sourcesQuery, query));
    },
    outbound({ query }: AnswerRequest) {
      const asked = readQuery(outboundQuery, query);
      return inTurn(() => listOutbound(attempts, asked));
    },
    retryMessage({ body, ...who }: ChangeRequest) {
      const retried = inTurn(() => retryMessage(deps, body));
      return acts.recorded(who, retried, ({ message, endpoint, state }) => ({
        ...{ act: 'retry message', on: `${message} to ${endpoint}`, result: state },
      }));
    },
    resendMessage({ body, ...who }: ChangeRequest) {
      const sent = inTurn(() => resendMessage(deps, body));
      return acts.recorded(who, sent, ({ message, endpoint, run, state }) => ({
        ...{ act: 'resend message', on: `${message} to ${endpoint}`, result: `${state}, by ${run}` },
      }));
    },
    flakyTests({ query }: AnswerRequest) {
      const asked = readQuery(flakyQuery, query);
      return inTurn(() => listFlakyTests(records, asked));
    },
    operatorActs({ query }: AnswerRequest): Promise<OperatorActsAnswer> {
      return listActs(records, readQuery(actsQuery, query));
    },
    async reconcile({ body, ...who }: ChangeRequest) {
      const answer = await startReconcile(deps, body);
      for (const { source } of answer.runs) await acts.record({ ...whoOf(who), act: 'reconcile', on: source });
      return answer;
    },
    async forget({ body, ...who }: ChangeRequest) {
      const answer = await forget(deps, body);
      const { repository, source, delivery, dryRun, from } = body as { readonly [name: string]: unknown };
      // A slice at a time: the first says it for all.
      if (answer && !dryRun && from === undefined)
        await acts.record({ ...whoOf(who), act: 'forget', on: String(delivery ?? repository ?? source) });
      // The last takes with it what the first has kept, as that has the repository's name in it.
      if (answer && !dryRun && repository !== undefined && answer.next === undefined)
        await acts.record({ ...whoOf(who), act: 'forget', on: 'a repository' });
      return answer;
    },
  };
}
