import { Command } from 'commander';
import { connectApi } from '../client/find-server.js';
import { jsonText } from '../format/control-characters.js';
import { field } from '../format/field.js';
import { harmless, print } from '../format/paint.js';
import { jsonOption, type ServerOptions, textLike, urlOption } from './options.js';
import { nameOfRun, RUN_NAMES } from './run-argument.js';

interface Options extends ServerOptions {
  readonly sha?: string;
}

/** `hookyard approve`: lets one run go on that waits with the code of a fork. */
export const approve = () =>
  new Command('approve')
    .description("let a run go on that waits with a pull request's code from a fork; look at the commit first")
    .argument('<run...>', `${RUN_NAMES}; hookyard explain shows which commit it waits with`)
    .option(
      '--sha <commit>',
      'only if this is the commit (7 digits or more)',
      textLike(/^[0-9a-f]{7,64}$/, "a commit's 7 to 64 hexadecimal digits, in lower case"),
    )
    .addOption(urlOption)
    .addOption(jsonOption)
    .action(async (words: readonly string[], { sha, ...options }: Options) => {
      const api = await connectApi(options);
      const { run } = await api.namedRun(nameOfRun(words), 'approve');
      const answer = await api.approve(run, { sha });
      if (options.json) return print(jsonText(answer));
      print(field('approved', `${answer.approved} for ${harmless(answer.run)}`));
    });
