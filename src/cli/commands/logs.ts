import { Command } from 'commander';
import { connectApi } from '../client/api.js';
import { followRun, passOn } from '../client/follow-run.js';
import { print } from '../format/paint.js';
import { UserError } from '../user-error.js';

/** `hookyard logs`: what a run's jobs have written. */
export const logs = () =>
  new Command('logs')
    .description("print the output of a run's jobs")
    .argument('<run>', 'workflow id, <automation>/<source>/<delivery key>')
    .option('--follow', 'go on until the run has ended')
    .option('--url <url>', 'server to ask; default: the one that runs here')
    .action(async (run: string, options: { follow?: boolean; url?: string }) => {
      const api = await connectApi(options);
      if (options.follow) {
        const ended = await followRun(api, run, { onLine: print });
        process.exitCode = ended.outcome === 'passed' ? 0 : 1;
        return;
      }
      const seen = new Map<string, number>();
      await passOn(api, run, seen, print);
      if (seen.size === 0)
        throw new UserError(`No job of "${run}" has written anything; npx hookyard deliveries lists what ran`);
    });
