import { Command } from 'commander';
import { connectApi } from '../client/find-server.js';
import { calledHere } from '../format/called-here.js';
import { jsonText } from '../format/control-characters.js';
import { field } from '../format/field.js';
import { harmless, print } from '../format/paint.js';
import { follow } from './follow.js';
import { jsonOption, type ServerOptions, urlOption } from './options.js';
import { nameOfRun, RUN_NAMES } from './run-argument.js';

interface Options extends ServerOptions {
  readonly follow?: boolean;
  readonly fromFailed?: boolean;
}

/** `hookyard rerun`: starts one run once more. `hookyard replay` does so with all that a delivery started. */
export const rerun = () =>
  new Command('rerun')
    .description('start a run once more: the same event of the same delivery, for the same automation, as a new run')
    .argument('<run...>', RUN_NAMES)
    .option(
      '--from-failed',
      'go on with the step that failed, in the workspace that its job left, where that is kept: what passed does not run again',
    )
    .option('--follow', 'print the output of the new run, and exit by its outcome')
    .addOption(urlOption)
    .addOption(jsonOption)
    .action(async (words: readonly string[], options: Options) => {
      const api = await connectApi(options);
      const answer = await api.rerun(nameOfRun(words), options);
      if (options.json) print(jsonText(answer));
      else {
        print(field('run', harmless(answer.run)));
        print(field('again', `${harmless(answer.rerunOf)}   ${calledHere()} explain ${answer.delivery}`));
      }
      if (options.follow) await follow(api, answer.run, options);
    });
