import { Command } from 'commander';
import { connectApi } from '../client/find-server.js';
import { jsonText } from '../format/control-characters.js';
import { field } from '../format/field.js';
import { harmless, print } from '../format/paint.js';
import { UserError } from '../user-error.js';
import { jsonOption, type ServerOptions, textLike, urlOption } from './options.js';
import { RUN_NAMES, runAndRest } from './run-argument.js';
import { whoIsHere } from './who-is-here.js';

interface Options extends ServerOptions {
  readonly sha?: string;
  readonly by: string;
}

const COMMIT = textLike(/^[0-9a-f]{7,64}$/, "a commit's 7 to 64 hexadecimal digits, in lower case");

/** `hookyard approve`: lets a run go on that waits for an approval, or with the code of a fork. */
export const approve = () =>
  answering('approve')
    .description(
      'approve what a run waits for: an approval that it asks for, or code from a fork; look at the commit first',
    )
    .argument('<run...>', `${RUN_NAMES}; then the approval's name, if it waits for several`)
    .action(async (words: readonly string[], options: Options) => {
      const { name, rest } = runAndRest(words);
      if (rest.length > 1) throw new UserError(`Name one approval, and not ${rest.length}: ${rest.join(', ')}`);
      await answer('approve', { name, approval: rest[0] }, options);
    });

/** `hookyard reject`: ends an approval that a run waits for, or its wait with the code of a fork. */
export const reject = () =>
  answering('reject')
    .description('reject what a run waits for, and say why: the run goes on as its automation has it for that')
    .argument('<run...>', `${RUN_NAMES}; then the approval's name, if it waits for several, and why`)
    .action(async (words: readonly string[], options: Options) => {
      const { name, rest } = runAndRest(words);
      const api = await connectApi(options);
      const { run } = await api.namedRun(name, 'reject');
      const open = (await api.run(run))?.approvals?.filter(({ state }) => state === 'open') ?? [];
      const approval = open.find((one) => one.name === rest[0])?.name;
      const why = rest.slice(approval === undefined ? 0 : 1).join(' ');
      await answer('reject', { name: run, approval, why }, options);
    });

function answering(name: string): Command {
  return new Command(name)
    .option('--sha <commit>', 'only if this is the commit (7 digits or more)', COMMIT)
    .option('--by <name>', 'who answers: it is kept, as an operator of this name', whoIsHere())
    .addOption(urlOption)
    .addOption(jsonOption);
}

async function answer(
  command: 'approve' | 'reject',
  { name, approval, why }: { name: string; approval: string | undefined; why?: string },
  { sha, by, ...options }: Options,
): Promise<void> {
  const api = await connectApi(options);
  const { run } = await api.namedRun(name, command);
  const body = { by, ...(approval !== undefined && { name: approval }), ...(why && { why }) };
  const told = await api.answerApproval(run, { command, sha, body });
  if (options.json) return print(jsonText(told));
  const what = told.approved ?? told.rejected ?? '';
  // Without a commit, what is approved is the approval itself.
  const of = told.name === undefined || told.name === what ? '' : `${told.name} of `;
  print(field(told.approved === undefined ? 'rejected' : 'approved', harmless(`${what} for ${of}${told.run}`)));
}
