import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { readProject } from '../../config/project.js';
import { serverUrl } from '../client/api.js';
import { httpUrl } from '../client/request.js';
import { type Sent, sendDelivery } from '../client/send-delivery.js';
import { jsonText } from '../format/controls.js';
import { field } from '../format/field.js';
import { harmless, paint, print } from '../format/paint.js';
import { verdictLines } from '../format/verdict-lines.js';
import { SAMPLES, type SampleName, sample } from '../samples/github.js';
import { UserError } from '../user-error.js';
import { jsonOption, type ServerOptions, urlOption } from './options.js';

interface Options extends ServerOptions {
  readonly file?: string;
  readonly source: string;
  readonly repository: string;
  readonly id?: string;
}

/** `hookyard send`: signs a payload as GitHub does, sends it, and prints what the receiver answers. */
export const send = () =>
  new Command('send')
    .description('sign a payload as its provider does and send it to the running server')
    .argument('<event>', `the provider's name of the event; without --file one of ${SAMPLES.join(', ')}`)
    .option('--file <payload.json>', 'body to send, byte for byte; default: a made-up one')
    .option('--source <name>', 'source to send as', 'github')
    .option('--repository <owner/name>', 'repository of a made-up payload', 'octocat/hello-world')
    .option('--id <delivery id>', "the provider's id of the delivery; default: a new one")
    .addOption(urlOption)
    .addOption(jsonOption)
    .action(async (event: string, options: Options) => {
      const { body, event: name } = options.file
        ? { event, body: await read(options.file) }
        : made(event, options.repository);
      const project = await readProject({ env: process.env, cwd: process.cwd() });
      const url = options.url === undefined ? await serverUrl(project) : httpUrl(options.url);
      const answer = await sendDelivery(
        { url, project },
        {
          source: options.source,
          event: name,
          body,
          ...(options.id && { id: options.id }),
        },
      );
      if (options.json) print(jsonText(answer));
      else for (const line of answerLines(answer)) print(line);
      if (answer.status >= 300) process.exitCode = 1;
    });

function made(event: string, repository: string) {
  if (!SAMPLES.includes(event as SampleName)) {
    throw new UserError(`There is no made-up "${event}" (only ${SAMPLES.join(', ')}); give the payload with --file`);
  }
  return sample(event as SampleName, repository);
}

async function read(file: string): Promise<Buffer> {
  return readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`Can't read ${file} (${error.code})`);
  });
}

function answerLines({ status, body }: Sent): string[] {
  const note = body.duplicate ? ' duplicate' : body.ignored ? ` ignored: ${body.ignored}` : '';
  const event = body.event ? ` ${harmless(body.event)}` : '';
  return [
    `${paint(status < 300 ? 'green' : 'red', String(status))}${note}${event}`,
    ...(body.error ? [`  ${harmless(body.error)}`] : []),
    ...verdictLines(body.verdicts ?? []),
    ...(body.runs ?? []).map((run) => `  ${field('run', harmless(run))}`),
    ...(body.delivery ? [`  ${field('delivery', `${body.delivery}   npx hookyard explain ${body.delivery}`)}`] : []),
  ];
}
