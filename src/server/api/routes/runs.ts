import { answerBody } from '../answer-approval.js';
import { cancelBody } from '../cancel.js';
import { approvalAnswer } from '../contract/approvals.js';
import { artifactsAnswer } from '../contract/artifacts.js';
import { keptJobsAnswer } from '../contract/kept-jobs.js';
import { runState } from '../contract/run-state.js';
import { cancelAnswer, namedRunAnswer, rerunAnswer, runsAnswer, stuckRunsAnswer } from '../contract/runs.js';
import { wholeRunAnswer } from '../contract/whole-run.js';
import {
  approveQuery,
  artifactQuery,
  namedRunQuery,
  rerunQuery,
  runQuery,
  runsQuery,
  showRunQuery,
} from '../queries/runs.js';
import { get, post, type Route, stream } from '../route.js';

const NONE = 'There is no such run.';
const SEVERAL = 'Several runs are called so: "runs" lists them.';

/** What deliveries, schedules and people have started. */
export const runRoutes: readonly Route[] = [
  get('/runs', {
    name: 'showRun',
    says: 'Tells how a run stands.',
    query: showRunQuery,
    answer: runState,
    errors: { 404: NONE },
    give: (answers, asked) => answers.run(asked),
  }),
  get('/runs/list', {
    name: 'listRuns',
    says: 'Lists runs: first those that are open, newest first, then the others by their end.',
    query: runsQuery,
    answer: runsAnswer,
    errors: { 409: "Temporal's namespace lacks the search attributes." },
    give: (answers, asked) => answers.runs(asked),
  }),
  get('/runs/named', {
    name: 'findRun',
    says: 'Finds the run that a name means: its whole workflow id, a beginning of it, a delivery, or "latest", also with an automation.',
    query: namedRunQuery,
    answer: namedRunAnswer,
    errors: { 404: NONE, 409: SEVERAL },
    give: (answers, asked) => answers.namedRun(asked),
  }),
  get('/runs/kept', {
    name: 'listKeptJobs',
    says: 'Lists the jobs of a run that failed, and where their workspaces are kept.',
    query: runQuery,
    answer: keptJobsAnswer,
    errors: { 404: NONE },
    give: (answers, asked) => answers.keptJobs(asked),
  }),
  get('/runs/whole', {
    name: 'showWholeRun',
    says: 'Shows all that is known of a run: what it is about, what it has done and waited for, how it stands.',
    query: namedRunQuery,
    answer: wholeRunAnswer,
    errors: { 404: NONE, 409: SEVERAL },
    give: (answers, asked) => answers.wholeRun(asked),
  }),
  get('/runs/stuck', {
    name: 'listStuckRuns',
    says: 'Lists runs that do not go on by themselves, with what helps.',
    answer: stuckRunsAnswer,
    give: (answers) => answers.stuckRuns(),
  }),
  get('/runs/artifacts', {
    name: 'listArtifacts',
    says: 'Lists what a run has kept, and has not expired.',
    query: runQuery,
    answer: artifactsAnswer,
    give: (answers, asked) => answers.artifacts(asked),
  }),
  stream('/runs/artifacts/file', {
    name: 'downloadArtifact',
    says: 'Sends an artifact of a run.',
    query: artifactQuery,
    type: 'application/gzip',
    holds: 'A tar archive, compressed: each file as it lay below the checkout.',
    errors: {
      404: 'The run has kept none of this name, or it has expired.',
      409: "It lies on another machine: that of the job's worker.",
      410: 'It is damaged, or gone.',
      502: 'The bucket that it lies in does not give it.',
    },
    send: (answers, asked, res) => answers.sendArtifact(asked, res),
  }),
  post('/runs/cancel', {
    name: 'cancelRuns',
    says: 'Cancels a run, or a page of the open runs of a branch or an automation.',
    body: cancelBody,
    answer: cancelAnswer,
    errors: { 404: NONE, 409: 'The run is not open, or several are called so.' },
    give: (answers, asked) => answers.cancel(asked),
  }),
  post('/runs/rerun', {
    name: 'rerun',
    says: 'Starts a run once more: the same event, under an id of its own.',
    query: rerunQuery,
    answer: rerunAnswer,
    errors: { 404: NONE, 409: 'No delivery asked for the run, or several runs are called so.' },
    give: (answers, asked) => answers.rerun(asked),
  }),
  post('/runs/approve', {
    name: 'approve',
    says: 'Approves what a run waits for.',
    query: approveQuery,
    body: answerBody,
    answer: approvalAnswer,
    errors: { 404: NONE, 409: 'The run waits for no such approval, or the answer does not count.' },
    give: (answers, asked) => answers.answerApproval(asked, true),
  }),
  post('/runs/reject', {
    name: 'reject',
    says: 'Rejects what a run waits for.',
    query: approveQuery,
    body: answerBody,
    answer: approvalAnswer,
    errors: { 404: NONE, 409: 'The run waits for no such approval, or the answer does not count.' },
    give: (answers, asked) => answers.answerApproval(asked, false),
  }),
];
