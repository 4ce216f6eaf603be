import { Command } from 'commander';
import { explainFile } from '../client/explain-file.js';
import { connectApi } from '../client/find-server.js';
import { jsonText } from '../format/control-characters.js';
import { deliveryLines } from '../format/delivery-lines.js';
import { field } from '../format/field.js';
import { harmless, print } from '../format/paint.js';
import { verdictLines } from '../format/verdict-lines.js';
import { UserError } from '../user-error.js';
import { jsonOption, type ServerOptions, urlOption } from './options.js';

interface Options extends ServerOptions {
  readonly file?: string;
  readonly source?: string;
  readonly event?: string;
  readonly diff?: boolean;
}

/** `hookyard explain`: tells what became of a delivery, and why. */
export const explain = () =>
  new Command('explain')
    .description('tell what became of a delivery, and why')
    .argument('[delivery]', "Hookyard's id of it or the beginning of one, or the provider's id")
    .option(
      '--file <payload>',
      'tell instead what would become of this payload, JSON or a form; - is standard input; nothing is stored or started',
    )
    .option(
      '--source <name>',
      'only a delivery of this source; with --file, the source that would send it (default: github)',
    )
    .option('--event <name>', "with --file: the provider's name for the event, where a header holds it")
    .option('--diff', 'also how it differs from the one before of the same source, event, action and repository')
    .addOption(urlOption)
    .addOption(jsonOption)
    .action(async (id: string | undefined, options: Options) => {
      if (options.file) return printFile({ ...options, source: options.source ?? 'github', file: options.file });
      if (!id)
        throw new UserError('Name a delivery, or a payload with --file; npx hookyard deliveries lists what came in');
      const delivery = await (await connectApi(options)).delivery(id, {
        source: options.source,
        ...(options.diff && { diff: true }),
      });
      if (options.json) print(jsonText(delivery, 2));
      else for (const line of deliveryLines(delivery)) print(line);
    });

async function printFile(options: Options & { file: string; source: string }): Promise<void> {
  const explained = await explainFile(options);
  if (options.json) return print(jsonText(explained, 2));
  const event = `"${harmless(explained.eventName)}" of source ${options.source}`;
  print(field('Would be', `${event}; its signature is not looked at, and nothing is started`));
  if (explained.says) print(field('Says', harmless(explained.says)));
  if (explained.leftOut) print(field('Left out', explained.leftOut));
  if (explained.ignored) print(field('Ignored', harmless(explained.ignored)));
  if (explained.verdicts.length > 0) print('Verdicts');
  for (const line of verdictLines(explained.verdicts, 'would start')) print(line);
}
