import { Command } from 'commander';
import { connectApi } from '../client/find-server.js';
import { createLogReader } from '../client/follow-run.js';
import { print } from '../format/paint.js';
import { UserError } from '../user-error.js';
import { follow } from './follow.js';
import { type ServerOptions, urlOption } from './options.js';
import { nameOfRun, RUN_NAMES } from './run-argument.js';

interface Options extends Pick<ServerOptions, 'url'> {
  readonly follow?: boolean;
}

/** `hookyard logs`: prints what a run's jobs have written. */
export const logs = () =>
  new Command('logs')
    .description("print the output of a run's jobs")
    .argument('<run...>', RUN_NAMES)
    .option('--follow', 'go on until the run has ended, and exit by its outcome')
    .addOption(urlOption)
    .action(async (words: readonly string[], options: Options) => {
      const api = await connectApi(options);
      const { run } = await api.namedRun(nameOfRun(words), 'logs');
      if (options.follow) return follow(api, run, {});
      const reader = createLogReader(api, run, print);
      await reader.read();
      if (!reader.hasRead())
        throw new UserError(`No job of "${run}" has written anything; npx hookyard runs lists what ran`);
    });
