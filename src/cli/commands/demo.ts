import { Command } from 'commander';
import { readProject } from '../../config/project.js';
import { stopIfUnread } from '../broken-pipe.js';
import { connectApi } from '../client/find-server.js';
import { followRun, hasSucceeded } from '../client/follow-run.js';
import { request } from '../client/request.js';
import { prepareDelivery, sendDelivery } from '../client/send-delivery.js';
import { field } from '../format/field.js';
import { firstLine } from '../format/first-line.js';
import { harmless, print } from '../format/paint.js';
import { verdictLines } from '../format/verdict-lines.js';
import { commitToDemo, DEMO_REPOSITORY } from '../samples/demo-repository.js';
import { pushPayload } from '../samples/github.js';
import { UserError } from '../user-error.js';
import { urlOption } from './options.js';

/** `hookyard demo`: goes from a commit to a built run, on the server that runs here. Exits by the run's outcome. */
export const demo = () =>
  new Command('demo')
    .description('commit to a small repository, send its signed push to the running server, and follow the run')
    .option('--fail', 'commit a change that breaks the tests')
    .addOption(urlOption)
    .option('--source <name>', 'source to send as; it must clone from {data}/demo/{fullName}.git', 'demo')
    .action(async (options: { fail?: boolean; url?: string; source: string }) => {
      const project = await readProject({ env: process.env, cwd: process.cwd() });
      const api = await connectApi(options);
      // Nothing is made here for a server that is not there.
      await request(`${api.url}/healthz`, { method: 'GET' });
      const commit = await commitToDemo(project.data, { broken: options.fail === true });
      const subject = `${commit.after.slice(0, 7)} "${commit.message}"`;
      print(field('Commit', `${subject} on main of ${DEMO_REPOSITORY}`, 'bold'));
      const body = pushPayload({ repository: DEMO_REPOSITORY, ref: 'refs/heads/main', ...commit });
      const delivery = prepareDelivery(project, { source: options.source, event: 'push', body: Buffer.from(body) });
      const { status, body: answer } = await sendDelivery(api.url, delivery);
      print(field('Delivery', `${answer.delivery} answered ${status}`, 'bold'));
      for (const line of verdictLines(answer.verdicts ?? [])) print(line);
      const run = answer.runs?.[0];
      if (!run)
        throw new UserError(
          `Nothing was started: ${answer.error ?? answer.ignored ?? 'see the verdicts above'}. ` +
            `It needs an automation that runs on pushes to main of ${DEMO_REPOSITORY}, as automations/ci.ts does`,
        );
      print(`${field('Run', harmless(run), 'bold')}\n`);
      const ended = await followRun(api, run, { onLine: print, onPoll: stopIfUnread });
      const passed = hasSucceeded(ended);
      const how = `the run ${ended.status}, ${ended.outcome ? `the build ${ended.outcome}` : 'without a build'}`;
      print(`\n${passed ? field('Passed', how, 'green') : field('Failed', how, 'red')}`);
      if (ended.error) print(field('Because', harmless(firstLine(ended.error))));
      if (ended.url) print(field('Run page', ended.url));
      print(field('Explain', `npx hookyard explain ${answer.delivery}`));
      process.exitCode = passed ? 0 : 1;
    });
