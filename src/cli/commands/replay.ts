import { Command } from 'commander';
import { connectApi } from '../client/api.js';
import { followRun } from '../client/follow-run.js';
import { harmless, print } from '../format/paint.js';
import { UserError } from '../user-error.js';

/** `hookyard replay`: a delivery's automations once more, on purpose. */
export const replay = () =>
  new Command('replay')
    .description('start what a delivery started once more, as new runs')
    .argument('<delivery>', "Hookyard's id of it or the beginning of one, or the provider's id")
    .option('--automation <name>', 'only this one')
    .option('--follow', 'print the output of the first run, and exit by its outcome')
    .option('--url <url>', 'server to ask; default: the one that runs here')
    .option('--json', "print the server's answer as JSON")
    .action(async (id: string, options: { automation?: string; follow?: boolean; url?: string; json?: boolean }) => {
      const api = await connectApi(options);
      const path = `deliveries/${encodeURIComponent(id)}/replay`;
      const answer = await api.post<{ delivery: string; runs: string[] }>(path, { automation: options.automation });
      if (!answer) throw new UserError(`There is no delivery "${id}"; npx hookyard deliveries lists them`);
      if (options.json) print(JSON.stringify(answer));
      else for (const run of answer.runs) print(`run  ${harmless(run)}`);
      const [first] = answer.runs;
      if (!options.follow || !first) return;
      const ended = await followRun(api, first, { onLine: print });
      if (ended.error) print(`Because   ${harmless(ended.error)}`);
      process.exitCode = ended.status === 'completed' && ended.outcome === 'passed' ? 0 : 1;
    });
