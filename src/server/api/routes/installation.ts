import { flakyTestsAnswer } from '../contract/flaky-tests.js';
import { forgetAnswer } from '../contract/forget.js';
import { operatorActsAnswer } from '../contract/operator-acts.js';
import { outboundAnswer, resendMessageAnswer, retryMessageAnswer } from '../contract/outbound.js';
import { overviewAnswer } from '../contract/overview.js';
import { reconcileAnswer } from '../contract/reconcile.js';
import { sourcesAnswer } from '../contract/sources.js';
import { forgetBody } from '../forget.js';
import { messageBody } from '../outbound/named-message.js';
import { actsQuery, flakyQuery, outboundQuery, sourcesQuery } from '../queries/installation.js';
import { reconcileBody } from '../reconcile.js';
import { get, post, type Route } from '../route.js';

/** The installation as a whole, and what is kept there. */
export const installationRoutes: readonly Route[] = [
  get('/overview', {
    name: 'showOverview',
    says: 'Tells what is broken, what runs and what waits.',
    answer: overviewAnswer,
    give: (answers) => answers.overview(),
  }),
  get('/sources', {
    name: 'listSources',
    says: 'Lists the sources that are configured, and how each does.',
    query: sourcesQuery,
    answer: sourcesAnswer,
    give: (answers, asked) => answers.sources(asked),
  }),
  get('/outbound', {
    name: 'listOutbound',
    says: 'Lists messages to endpoints, with their attempts.',
    query: outboundQuery,
    answer: outboundAnswer,
    give: (answers, asked) => answers.outbound(asked),
  }),
  post('/outbound/retry', {
    name: 'retryMessage',
    says: 'Has a message that waits for its next try sent at once, with the same webhook-id.',
    body: messageBody,
    answer: retryMessageAnswer,
    errors: { 404: 'No such message was sent.', 409: 'It was taken, or is not tried any more.' },
    give: (answers, asked) => answers.retryMessage(asked),
  }),
  post('/outbound/resend', {
    name: 'resendMessage',
    says: 'Sends a message that was given up anew, by a run of its own and with the same webhook-id.',
    body: messageBody,
    answer: resendMessageAnswer,
    errors: { 404: 'No such message was sent.', 409: 'It was taken, is still tried, or is not kept any more.' },
    give: (answers, asked) => answers.resendMessage(asked),
  }),
  get('/tests/flaky', {
    name: 'listFlakyTests',
    says: 'Lists tests that failed and then passed on the same commit.',
    query: flakyQuery,
    answer: flakyTestsAnswer,
    give: (answers, asked) => answers.flakyTests(asked),
  }),
  get('/acts', {
    name: 'listActs',
    says: 'Lists what operators have done, the latest first.',
    query: actsQuery,
    answer: operatorActsAnswer,
    give: (answers, asked) => answers.operatorActs(asked),
  }),
  post('/reconcile', {
    name: 'reconcile',
    says: 'Looks for missed deliveries, of one source or of all.',
    body: reconcileBody,
    answer: reconcileAnswer,
    errors: { 404: 'There is no such source.', 409: 'The source has no API credentials, or is not enabled.' },
    give: (answers, asked) => answers.reconcile(asked),
  }),
  post('/forget', {
    name: 'forget',
    says: 'Removes a slice of what is kept of a repository, a source or a delivery, or counts it.',
    body: forgetBody,
    answer: forgetAnswer,
    errors: { 404: 'There is no such delivery.' },
    give: (answers, asked) => answers.forget(asked),
  }),
];
