import { Command, Option } from 'commander';
import { editText } from '../client/edit-text.js';
import { explainFile } from '../client/explain-file.js';
import { connectApi } from '../client/find-server.js';
import { readInput } from '../client/read-input.js';
import { escapedJson, jsonText } from '../format/control-characters.js';
import { deliveryLines } from '../format/delivery-lines.js';
import { editLines } from '../format/edit-lines.js';
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
  readonly edit?: boolean;
  readonly payload?: boolean;
}

/** `hookyard explain`: tells what became of a delivery, and why. */
export const explain = () =>
  new Command('explain')
    .description('tell what became of a delivery, and why')
    .argument('[delivery]', "Hookyard's id of it or the beginning of one, or the provider's id")
    .option(
      '--file <payload>',
      'tell instead what would become of this payload, JSON or a form; - is standard input; nothing is stored or started. With a delivery: of this as its payload',
    )
    .option(
      '--source <name>',
      'only a delivery of this source; with --file, the source that would send it (default: github)',
    )
    .option('--event <name>', "with --file: the provider's name for the event, where a header holds it")
    .addOption(
      new Option(
        '--diff',
        'also how it differs from the one before of the same source, event, action and repository',
      ).conflicts(['file', 'payload', 'edit']),
    )
    .addOption(
      new Option(
        '--payload',
        'print its payload, *** in the place of known secrets: to be changed and given with --file',
      ).conflicts(['file', 'edit']),
    )
    .addOption(
      new Option('--edit', 'open its payload in your editor, and tell what would become of it then').conflicts('file'),
    )
    .addOption(urlOption)
    .addOption(jsonOption)
    .action(async (id: string | undefined, options: Options) => {
      if (options.event !== undefined && (id !== undefined || !options.file))
        throw new UserError(
          '--event names the event of a payload that was never sent: give it with --file, and no delivery',
        );
      if (options.file && !id) return printFile({ ...options, source: options.source ?? 'github', file: options.file });
      if (!id)
        throw new UserError('Name a delivery, or a payload with --file; npx hookyard deliveries lists what came in');
      if (options.payload || options.edit || options.file) return printEdited(id, options);
      const delivery = await (await connectApi(options)).delivery(id, {
        source: options.source,
        ...(options.diff && { diff: true }),
      });
      if (options.json) print(jsonText(delivery, 2));
      else for (const line of deliveryLines(delivery)) print(line);
    });

async function printEdited(id: string, options: Options): Promise<void> {
  const { source, file } = options;
  const api = await connectApi(options);
  if (options.payload) return print(payloadText((await api.editable(id, { source })).text));
  const payload = file
    ? (await readInput(file)).body.toString('utf8')
    : await editText((await api.editable(id, { source })).text);
  const explained = await api.explainEdited(id, { source, payload });
  if (options.json) print(jsonText(explained, 2));
  else for (const line of editLines(explained)) print(line);
}

/** Nothing is lost of JSON: what is given back with --file is then what was received. */
function payloadText(text: string): string {
  try {
    JSON.parse(text);
    return escapedJson(text);
  } catch {
    return text;
  }
}

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
