import { Command } from 'commander';
import { connectApi } from '../client/api.js';
import { followRun } from '../client/follow-run.js';
import { sendDelivery } from '../client/send-delivery.js';
import { harmless, paint, print } from '../format/paint.js';
import { tellVerdicts } from '../format/verdict-lines.js';
import { commitToDemo, DEMO_REPOSITORY } from '../samples/demo-repository.js';
import { pushPayload } from '../samples/github.js';
import { UserError } from '../user-error.js';

/** `hookyard demo`: from a commit to a built run, on the server that runs here. Exits by the run's outcome. */
export const demo = () =>
  new Command('demo')
    .description('commit to a small repository, send its signed push to the running server, and follow the run')
    .option('--fail', 'commit a change that breaks the tests')
    .option('--url <url>', 'server to send to; default: the one that runs here')
    .option('--source <name>', 'source to send as; it must clone from {data}/demo/{fullName}.git', 'demo')
    .action(async (options: { fail?: boolean; url?: string; source: string }) => {
      const api = await connectApi(options);
      const commit = await commitToDemo(api.config.data, { broken: options.fail === true });
      print(
        `${paint('bold', 'Commit')}    ${commit.after.slice(0, 7)} "${commit.message}" on main of ${DEMO_REPOSITORY}`,
      );
      const body = pushPayload({ repository: DEMO_REPOSITORY, ref: 'refs/heads/main', ...commit });
      const answer = await sendDelivery(api, { source: options.source, event: 'push', body });
      print(`${paint('bold', 'Delivery')}  ${answer.body.delivery} answered ${answer.status}`);
      for (const line of tellVerdicts(answer.body.verdicts ?? [])) print(line);
      const run = answer.body.runs?.[0];
      if (!run)
        throw new UserError(
          `Nothing was started: ${answer.body.error ?? answer.body.ignored ?? 'see the verdicts above'}`,
        );
      print(`${paint('bold', 'Run')}       ${harmless(run)}\n`);
      const ended = await followRun(api, run, { onLine: print });
      const passed = ended.status === 'completed' && ended.outcome === 'passed';
      print(
        `\n${passed ? paint('green', 'Passed') : paint('red', 'Failed')}    the run ${ended.status}, the build ${ended.outcome ?? 'did not end'}`,
      );
      if (ended.error) print(`Because   ${harmless(ended.error)}`);
      if (ended.url) print(`Run page  ${ended.url}`);
      print(`Explain   npx hookyard explain ${answer.body.delivery}`);
      process.exitCode = passed ? 0 : 1;
    });
