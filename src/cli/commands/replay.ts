import { Command, Option } from 'commander';
import { connectApi } from '../client/find-server.js';
import { readInput } from '../client/read-input.js';
import { jsonText } from '../format/control-characters.js';
import { field } from '../format/field.js';
import { harmless, print } from '../format/paint.js';
import { follow } from './follow.js';
import { jsonOption, type ServerOptions, urlOption } from './options.js';

interface Options extends ServerOptions {
  readonly source?: string;
  readonly automation?: string;
  readonly file?: string;
  readonly follow?: boolean;
}

/** `hookyard replay`: starts a delivery's automations once more, on purpose. */
export const replay = () =>
  new Command('replay')
    .description('start what a delivery started once more, as new runs')
    .argument('<delivery>', "Hookyard's id of it or the beginning of one, or the provider's id")
    .option('--source <name>', 'only a delivery of this source')
    .option('--automation <name>', 'only this one')
    .addOption(
      new Option(
        '--file <payload>',
        'start instead what this payload starts, as a delivery of its own; - is standard input; explain <delivery> --file tells what that is',
      ).conflicts('automation'),
    )
    .option('--follow', 'print the output of the first run, and exit by its outcome')
    .addOption(urlOption)
    .addOption(jsonOption)
    .action(async (id: string, { source, automation, file, ...options }: Options) => {
      const api = await connectApi(options);
      const answer = file
        ? await api.startEdited(id, { source, payload: (await readInput(file)).body.toString('utf8') })
        : await api.replay(id, { source, automation });
      if (!options.json && 'from' in answer) print(field('Delivery', `${answer.delivery}, made of ${answer.from}`));
      if (options.json) print(jsonText(answer));
      else for (const run of answer.runs) print(field('run', harmless(run)));
      const [first] = answer.runs;
      if (options.follow && first) await follow(api, first, options);
    });
