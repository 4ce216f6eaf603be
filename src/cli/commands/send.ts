import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { connectApi } from '../client/api.js';
import { sendDelivery } from '../client/send-delivery.js';
import { harmless, paint, print } from '../format/paint.js';
import { tellVerdicts } from '../format/verdict-lines.js';
import { SAMPLES, type SampleName, sample } from '../samples/github.js';
import { UserError } from '../user-error.js';

interface Options {
  readonly file?: string;
  readonly source: string;
  readonly repository: string;
  readonly id?: string;
  readonly url?: string;
  readonly json?: boolean;
}

/** `hookyard send`: signs a payload as its provider does, sends it, and tells what the receiver made of it. */
export const send = () =>
  new Command('send')
    .description('sign a payload as its provider does and send it to the running server')
    .argument('<event>', `the provider's name of the event; without --file one of ${SAMPLES.join(', ')}`)
    .option('--file <payload.json>', 'body to send, byte for byte; default: a made-up one')
    .option('--source <name>', 'source to send as', 'github')
    .option('--repository <owner/name>', 'repository of a made-up payload', 'octocat/hello-world')
    .option('--id <delivery id>', "the provider's id of the delivery; default: a new one")
    .option('--url <url>', 'server to send to; default: the one that runs here')
    .option('--json', "print the receiver's answer as JSON")
    .action(async (event: string, options: Options) => {
      const { body, event: name } = options.file
        ? { event, body: await read(options.file) }
        : made(event, options.repository);
      const api = await connectApi(options);
      const answer = await sendDelivery(api, {
        source: options.source,
        event: name,
        body,
        ...(options.id && { id: options.id }),
      });
      if (options.json) print(JSON.stringify(answer));
      else tell(answer);
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

function tell({ status, body }: Awaited<ReturnType<typeof sendDelivery>>): void {
  const note = body.duplicate ? ' duplicate' : body.ignored ? ` ignored: ${body.ignored}` : '';
  print(
    `${paint(status < 300 ? 'green' : 'red', String(status))}${note}${body.event ? ` ${harmless(body.event)}` : ''}`,
  );
  if (body.error) print(`  ${harmless(body.error)}`);
  for (const line of tellVerdicts(body.verdicts ?? [])) print(line);
  for (const run of body.runs ?? []) print(`  run       ${harmless(run)}`);
  if (body.delivery) print(`  delivery  ${body.delivery}   npx hookyard explain ${body.delivery}`);
}
