import { bearer } from '../../http/auth-headers.js';
import type { ResendMessageAnswer, RetryMessageAnswer } from '../../server/api/contract.js';
import type { Api } from './api.js';
import { createAsk } from './ask-api.js';
import { download } from './request.js';
import { noAutomation, noDelivery, noLane, noMessage, noRun, noSource, tooOld } from './unknown-names.js';

/** Where a server is, and what lets its API be asked. */
export interface ServerAccess extends Pick<Api, 'url' | 'project'> {
  readonly token: string;
}

/** Returns the API of a server, which is asked only when a function is called. */
export function createApi({ url, token, project }: ServerAccess): Api {
  const ask = createAsk(url, token);
  return {
    url,
    project,
    overview: async () => (await ask('GET', 'overview')) ?? tooOld(url),
    acts: async (query) => (await ask('GET', 'acts', { query })) ?? { acts: [] },
    deliveries: async (query) => (await ask('GET', 'deliveries', { query })) ?? { deliveries: [] },
    delivery: async (id, query = {}) =>
      (await ask('GET', `deliveries/${encodeURIComponent(id)}`, { query, command: 'explain' })) ??
      noDelivery(id, query.source),
    replay: async (id, query) =>
      (await ask('POST', `deliveries/${encodeURIComponent(id)}/replay`, { query, command: 'replay' })) ??
      noDelivery(id, query.source),
    editable: async (id, query) =>
      (await ask('GET', `deliveries/${encodeURIComponent(id)}/edit`, { query, command: 'explain' })) ??
      noDelivery(id, query.source),
    explainEdited: async (id, { source, payload }) =>
      (await ask('POST', `deliveries/${encodeURIComponent(id)}/edit`, {
        ...{ query: { source }, body: { payload }, command: 'explain' },
      })) ?? noDelivery(id, source),
    startEdited: async (id, { source, payload }) =>
      (await ask('POST', `deliveries/${encodeURIComponent(id)}/start`, {
        ...{ query: { source }, body: { payload }, command: 'replay' },
      })) ?? noDelivery(id, source),
    run: (id, { all } = {}) => ask('GET', 'runs', { query: { id, ...(all && { all }) } }),
    wholeRun: (name) => ask('GET', 'runs/whole', { query: { name } }),
    runs: async (query) => (await ask('GET', 'runs/list', { query })) ?? { runs: [] },
    namedRun: async (name, command) => (await ask('GET', 'runs/named', { query: { name }, command })) ?? { run: name },
    cancel: async (body) => (await ask('POST', 'runs/cancel', { body, command: 'cancel' })) ?? noRun(body.run ?? ''),
    rerun: async (name, { fromFailed = false } = {}) => {
      const query = { name, ...(fromFailed && { fromFailed: 'true' }) };
      return (await ask('POST', 'runs/rerun', { query, command: 'rerun' })) ?? noRun(name);
    },
    keptJobs: async (id) => (await ask('GET', 'runs/kept', { query: { id } })) ?? { jobs: [] },
    stuckRuns: async () => (await ask('GET', 'runs/stuck')) ?? { runs: [], complete: true },
    answerApproval: async (id, { command, sha, body }) =>
      (await ask('POST', `runs/${command}`, { query: { id, sha }, body })) ?? noRun(id),
    automations: async () => (await ask('GET', 'automations')) ?? { automations: [] },
    feeds: async (query) => (await ask('GET', 'feeds', { query })) ?? tooOld(url),
    startRun: async (name, body) =>
      (await ask('POST', `automations/${encodeURIComponent(name)}/runs`, { body })) ?? noAutomation(name),
    reconcile: async (body) => (await ask('POST', 'reconcile', { body })) ?? noSource(body.source),
    forget: async (query) =>
      (await ask('POST', 'forget', { body: query, command: 'forget --delivery' })) ??
      noDelivery(query.delivery ?? '', query.source),
    lanes: async (query) => (await ask('GET', 'lanes', { query })) ?? { lanes: [] },
    changeLane: async (body) => (await ask('POST', 'lanes/mode', { body })) ?? noLane(body.lane),
    moveInLane: async (body) => (await ask('POST', 'lanes/move', { body })) ?? noRun(body.run),
    retryMessage: async (body) =>
      (await ask<RetryMessageAnswer>('POST', 'outbound/retry', { body })) ?? noMessage(body.message),
    artifacts: async (id) => (await ask('GET', 'runs/artifacts', { query: { id } })) ?? tooOld(url),
    artifact: (id, { name, bytes }) => {
      const query = new URLSearchParams({ id, name });
      const headers = { authorization: bearer(token) };
      return download(`${url}/api/runs/artifacts/file?${query}`, { headers, bytes });
    },
    caches: async (query) => (await ask('GET', 'caches', { query })) ?? tooOld(url),
    clearCaches: async (body) => (await ask('POST', 'caches/clear', { body })) ?? tooOld(url),
    resendMessage: async (body) =>
      (await ask<ResendMessageAnswer>('POST', 'outbound/resend', { body })) ?? noMessage(body.message),
    flakyTests: async (query) => (await ask('GET', 'tests/flaky', { query })) ?? { tests: [] },
    logs: async (query) => (await ask('GET', 'logs', { query })) ?? { jobs: [], lines: [] },
    searchLog: async (query) => (await ask('GET', 'logs/search', { query })) ?? { lines: [], count: 0, from: 0, to: 0 },
  };
}
