import { logAnswer, logSearchAnswer, logsAnswer } from '../contract/logs.js';
import { followLogQuery, logsQuery, logTextQuery, openLogQuery, searchLogQuery } from '../queries/logs.js';
import { get, type Route, stream } from '../route.js';

const NONE = 'No job of this name has written anything, or it is not kept any more.';

/** What jobs write. */
export const logRoutes: readonly Route[] = [
  get('/logs', {
    name: 'readLog',
    says: "Reads lines of a job's output, or names the jobs of a run that have written anything.",
    query: logsQuery,
    answer: logsAnswer,
    give: (answers, asked) => answers.logs(asked),
  }),
  get('/logs/open', {
    name: 'openLog',
    says: "Opens a job's output where it went wrong, or where it is asked for.",
    query: openLogQuery,
    answer: logAnswer,
    errors: { 404: NONE },
    give: (answers, asked) => answers.openLog(asked),
  }),
  get('/logs/search', {
    name: 'searchLog',
    says: "Looks for a text in a job's output, a part of it at a time.",
    query: searchLogQuery,
    answer: logSearchAnswer,
    errors: { 404: NONE },
    give: (answers, asked) => answers.searchLog(asked),
  }),
  stream('/logs/text', {
    name: 'downloadLog',
    says: "Sends all of a job's output.",
    query: logTextQuery,
    type: 'text/plain',
    holds: 'A line for each line of output. What Hookyard itself says begins with a dot.',
    errors: { 404: NONE },
    send: (answers, asked, res) => answers.sendLogText(asked, res),
  }),
  stream('/logs/live', {
    name: 'followLog',
    says: "Sends a job's output as it comes, for ten minutes at most: connect again with Last-Event-ID.",
    query: followLogQuery,
    type: 'text/event-stream',
    holds:
      'Server-Sent Events: "data" has lines as JSON, "id" is the number of the last one, and the event "end" says that the run has ended.',
    errors: { 404: NONE, 429: 'Too many logs are followed with this token.' },
    send: (answers, asked, res) => answers.followLog({ ...asked, by: 'the API token' }, res),
  }),
];
