import type { ServerResponse } from 'node:http';
import type { LogSearchAnswer, LogsAnswer } from '../contract.js';
import { isRunOpen } from '../log/is-run-open.js';
import { createLiveLogs } from '../log/live-logs.js';
import { lookFor } from '../log/look.js';
import { openLog } from '../log/open-log.js';
import { sendLogText } from '../log/send-log-text.js';
import { followLogQuery, logsQuery, logTextQuery, openLogQuery, searchLogQuery } from '../queries/logs.js';
import { readQuery } from '../query.js';
import type { SharedDeps } from './deps.js';
import type { AnswerRequest, FollowRequest } from './request.js';

/** Returns what is answered about jobs' output. */
export function logAnswers({ client, inTurn, log, stopping, store: { logs } }: SharedDeps) {
  const isOpen = (run: string) => isRunOpen(client, run);
  const liveLogs = createLiveLogs({ logs, isOpen, log, stopping });
  return {
    async logs({ query }: AnswerRequest): Promise<LogsAnswer> {
      const { run, job, after, limit } = readQuery(logsQuery, query);
      const lines = job === undefined ? [] : await logs.read({ workflowId: run, job }, { after, limit });
      return { jobs: await logs.jobs(run), lines };
    },
    openLog({ query }: AnswerRequest) {
      const { run, job, ...asked } = readQuery(openLogQuery, query);
      return inTurn(() => openLog({ logs, isOpen }, { run, job }, asked));
    },
    async searchLog({ query }: AnswerRequest): Promise<LogSearchAnswer | undefined> {
      const { run, job, text, from, back = false, limit } = readQuery(searchLogQuery, query);
      const key = { workflowId: run, job };
      const extent = await logs.extent(key);
      if (!extent) return undefined;
      const first = from ?? (back ? extent.last : extent.first);
      return inTurn(() => lookFor(logs, key, { extent, text, from: first, back, limit }));
    },
    /** Answers itself: with all of a job's output, as text. */
    sendLogText({ query }: AnswerRequest, res: ServerResponse): Promise<void> {
      const { run, job } = readQuery(logTextQuery, query);
      return sendLogText(res, { logs, key: { workflowId: run, job } });
    },
    /** Answers itself: with a job's output as it comes. */
    followLog({ query, by, lastEventId = '' }: FollowRequest, res: ServerResponse): Promise<void> {
      const { run, job, after } = readQuery(followLogQuery, query);
      const from = /^\d{1,15}$/.test(lastEventId) ? Number(lastEventId) : after;
      return liveLogs.follow(res, { run, job, after: from, by });
    },
  };
}
