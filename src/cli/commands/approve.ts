import { Command } from 'commander';
import { connectApi } from '../client/api.js';
import { harmless, print } from '../format/paint.js';
import { UserError } from '../user-error.js';

/** `hookyard approve`: the code of a fork, for one run that waits with it. */
export const approve = () =>
  new Command('approve')
    .description("let a run go on that waits with a pull request's code from a fork; look at the commit first")
    .argument(
      '<run>',
      'workflow id, <automation>/<source>/<delivery key>; hookyard explain shows which commit it waits with',
    )
    .option('--sha <commit>', 'only if this is the commit (7 digits or more)')
    .option('--url <url>', 'server to ask; default: the one that runs here')
    .option('--json', "print the server's answer as JSON")
    .action(async (id: string, options: { sha?: string; url?: string; json?: boolean }) => {
      const api = await connectApi(options);
      const answer = await api.post<{ run: string; approved: string }>('runs/approve', { id, sha: options.sha });
      if (!answer) throw new UserError(`There is no run "${id}"; npx hookyard deliveries lists what ran`);
      print(options.json ? JSON.stringify(answer) : `approved  ${answer.approved} for ${harmless(answer.run)}`);
    });
