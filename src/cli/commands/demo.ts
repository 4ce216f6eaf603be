import { Command, Option } from 'commander';
import { readProject } from '../../config/project.js';
import { runPath } from '../../runs/run-path.js';
import type { RunState } from '../../server/api/contract.js';
import { stopIfUnread } from '../broken-pipe.js';
import type { Api } from '../client/api.js';
import { connectApi } from '../client/find-server.js';
import { followRun, hasSucceeded } from '../client/follow-run.js';
import { request } from '../client/request.js';
import { runsStartedBy } from '../client/runs-started-by.js';
import { prepareDelivery, sendDelivery } from '../client/send-delivery.js';
import { webhookSecrets } from '../client/source-secrets.js';
import { annotationLines } from '../format/annotation-lines.js';
import { artifactLines } from '../format/artifact-lines.js';
import { calledHere } from '../format/called-here.js';
import { failedTestLines } from '../format/failed-test-lines.js';
import { field } from '../format/field.js';
import { firstLine } from '../format/first-line.js';
import { harmless, print } from '../format/paint.js';
import { typedWord } from '../format/typed-word.js';
import { verdictLines } from '../format/verdict-lines.js';
import { commitToDemo, DEMO_REPOSITORY } from '../samples/demo-repository.js';
import { pushPayload } from '../samples/github.js';
import { UserError } from '../user-error.js';
import { urlOption } from './options.js';

/** What takes longer has no worker, for example. */
const DEADLINE_MS = 10 * 60_000;

/** `hookyard demo`: goes from a commit to built runs, on the server that runs here. Exits by their outcomes. */
export const demo = () =>
  new Command('demo')
    .description('commit to a small repository, send its signed push to the running server, and follow its runs')
    .addOption(new Option('--fail', 'commit a change that breaks a test').conflicts('flaky'))
    .option('--flaky', 'commit a test that fails at first, and passes when its step runs again in the same workspace')
    .addOption(urlOption)
    .option('--source <name>', 'source to send as; it must clone from {data}/demo/{fullName}.git', 'demo')
    .action(async (options: { fail?: boolean; flaky?: boolean; url?: string; source: string }) => {
      const project = await readProject({ env: process.env, cwd: process.cwd() });
      const api = await connectApi(options);
      // Nothing is made here for a source or a server that is not there.
      webhookSecrets(project, options.source);
      await request(`${api.url}/healthz`, { method: 'GET' });
      const commit = await commitToDemo(project.data, options.fail ? 'broken' : options.flaky ? 'flaky' : 'works');
      const subject = `${commit.after.slice(0, 7)} "${commit.message}"`;
      print(field('Commit', `${subject} on main of ${DEMO_REPOSITORY}`, 'bold'));
      const body = pushPayload({ repository: DEMO_REPOSITORY, ref: 'refs/heads/main', ...commit });
      const delivery = prepareDelivery(project, { source: options.source, event: 'push', body: Buffer.from(body) });
      const { status, body: answer } = await sendDelivery(api.url, delivery);
      print(field('Delivery', `${answer.delivery} answered ${status}`, 'bold'));
      for (const line of verdictLines(answer.verdicts ?? [])) print(line);
      const runs = answer.runs ?? [];
      if (runs.length === 0)
        throw new UserError(
          `Nothing was started: ${answer.error ?? answer.ignored ?? 'see the verdicts above'}. ` +
            `It needs an automation that runs on pushes to main of ${DEMO_REPOSITORY}, as automations/ci.ts does`,
        );
      const shown = [...runs];
      const passed = [];
      for (const run of shown) {
        const ended = await showRun(api, run);
        passed.push(hasSucceeded(ended));
        shown.push(...runsStartedBy(ended));
      }
      print(`\n${field('Explain', `${calledHere()} explain ${answer.delivery}`)}`);
      process.exitCode = passed.includes(false) ? 1 : 0;
    });

/** Prints what a run does, how it ends, what it has kept, and, where it fails, which tests did and what helps. Returns how it stands then. */
async function showRun(api: Api, run: string): Promise<RunState> {
  print(`\n${field('Run', harmless(run), 'bold')}\n`);
  const ended = await followRun(api, run, { onLine: print, onPoll: stopIfUnread, deadlineMs: DEADLINE_MS });
  const passed = hasSucceeded(ended);
  const how = `the run ${ended.status}, ${ended.outcome ? `the build ${ended.outcome}` : 'without a build'}`;
  print(`\n${passed ? field('Passed', how, 'green') : field('Failed', how, 'red')}`);
  if (ended.error) print(field('Because', harmless(firstLine(ended.error))));
  if (!passed) for (const line of await helpLines(api, run)) print(line);
  for (const line of await keptLines(api, run)) print(line);
  print(field('Run page', `${api.url}${runPath(run)}`));
  return ended;
}

/** Returns what a run has kept. A server of an older version does not tell, which ends nothing here. */
async function keptLines(api: Api, run: string): Promise<readonly string[]> {
  try {
    const { artifacts } = await api.artifacts(run);
    return artifactLines(artifacts, { url: api.url, run });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [field('Kept', `not known: ${error.message}`)];
  }
}

/** Returns which tests of a run have failed, and the commands that help where the workspace of a job is kept. */
async function helpLines(api: Api, run: string): Promise<readonly string[]> {
  const [whole = {}, { jobs }] = await Promise.all([api.wholeRun(run), api.keptJobs(run)]);
  const kept = jobs.filter(({ kind }) => kind === 'kept');
  const [first] = kept;
  const job = kept.length > 1 && first ? ` --job ${typedWord(first.job)}` : '';
  return [
    ...failedTestLines(whole),
    ...annotationLines(whole),
    ...(first ? [field('Shell', `${calledHere()} shell ${typedWord(run)}${job}`)] : []),
    ...(first ? [field('Rerun', `${calledHere()} rerun ${typedWord(run)} --from-failed --follow`)] : []),
  ];
}
