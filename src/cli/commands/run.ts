import { Command } from 'commander';
import { connectApi } from '../client/find-server.js';
import { calledHere } from '../format/called-here.js';
import { jsonText } from '../format/control-characters.js';
import { field } from '../format/field.js';
import { harmless, print } from '../format/paint.js';
import { UserError } from '../user-error.js';
import { follow } from './follow.js';
import { jsonOption, type ServerOptions, urlOption } from './options.js';

interface Options extends ServerOptions {
  readonly input?: readonly string[];
  readonly id?: string;
  readonly follow?: boolean;
}

/** `hookyard run`: starts an automation that has a `manual` trigger. */
export const run = () =>
  new Command('run')
    .description('start an automation that has the trigger manual()')
    .argument('<automation>')
    .option('--input <name=value>', 'one of its inputs; may be given several times', collect)
    .option('--id <id>', 'the same id again asks for the same run; default: a new one')
    .option('--follow', 'print the output of its jobs, and exit by its outcome')
    .addOption(urlOption)
    .addOption(jsonOption)
    .action(async (automation: string, options: Options) => {
      const api = await connectApi(options);
      const inputs = Object.fromEntries((options.input ?? []).map(pair));
      const answer = await api.startRun(automation, { inputs, ...(options.id && { id: options.id }) });
      if (options.json) print(jsonText(answer));
      else {
        print(field('run', `${harmless(answer.run)}${answer.duplicate ? '  (asked for before)' : ''}`));
        print(field('delivery', `${answer.delivery}   ${calledHere()} explain ${answer.delivery}`));
      }
      if (options.follow) await follow(api, answer.run, options);
    });

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function pair(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw new UserError(`--input takes name=value, not "${text}"`);
  return [text.slice(0, at), text.slice(at + 1)];
}
