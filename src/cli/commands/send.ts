import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { type Project, readProject } from '../../config/project.js';
import type { Source } from '../../providers/source.js';
import { serverUrl } from '../client/find-server.js';
import { readLastCommit } from '../client/last-commit.js';
import { type Input, readInput } from '../client/read-input.js';
import { repositoryOfRemote } from '../client/repository-of.js';
import { httpUrl } from '../client/request.js';
import { prepareDelivery, type Sent, sendDelivery } from '../client/send-delivery.js';
import { sourceOf } from '../client/source-secrets.js';
import { calledHere } from '../format/called-here.js';
import { jsonText } from '../format/control-characters.js';
import { curlLine } from '../format/curl-line.js';
import { field } from '../format/field.js';
import { complain, harmless, paint, print } from '../format/paint.js';
import { verdictLines } from '../format/verdict-lines.js';
import { SAMPLES, type SampleName, sample } from '../samples/github.js';
import { pushAs } from '../samples/pushed.js';
import type { Sample } from '../samples/sample.js';
import { UserError } from '../user-error.js';
import { jsonOption, type ServerOptions, urlOption } from './options.js';

interface Options extends ServerOptions {
  readonly file?: string;
  readonly from?: string;
  readonly print?: boolean;
  readonly source: string;
  readonly repository?: string;
  readonly id?: string;
}

/** `hookyard send`: signs a payload as its provider does, sends it, and prints what the receiver answers. */
export const send = () =>
  new Command('send')
    .description('sign a payload as its provider does and send it to the running server')
    .argument(
      '[event]',
      `the provider's name of the event, where a header holds it; without --file one of ${SAMPLES.join(', ')} (default: push)`,
    )
    .option('--file <payload>', 'body to send, byte for byte; - is standard input; default: a made-up one')
    .addOption(
      new Option(
        '--from <clone>',
        'send the push of the last commit of a local clone, as the provider would',
      ).conflicts('file'),
    )
    .addOption(
      new Option('--print', 'send nothing, and print a line in which curl sends it; no secret is in it').conflicts(
        'json',
      ),
    )
    .option('--source <name>', 'source to send as', 'github')
    .addOption(
      new Option(
        '--repository <owner/name>',
        "repository of a made-up payload (default: octocat/hello-world); with --from, instead of the clone's origin",
      ).conflicts('file'),
    )
    .option('--id <delivery id>', "the provider's id of the delivery; default: a new one")
    .addOption(urlOption)
    .addOption(jsonOption)
    .action(async (event: string | undefined, options: Options) => {
      const project = await readProject({ env: process.env, cwd: process.cwd() });
      const source = sourceOf(project, options.source);
      const { body, file, event: named } = await bodyOf(event, { options, source });
      const delivery = prepareDelivery(project, { source: options.source, body, event: named, id: options.id });
      const url = await addressOf(project, options);
      if (options.print) {
        print(curlLine({ url, delivery, file, secrets: join(project.data, 'secrets') }));
        if (delivery.seconds) complain(`It is accepted for ${delivery.seconds / 60} minutes, since its time is signed`);
        return;
      }
      const answer = await sendDelivery(url, delivery);
      if (options.json) print(jsonText(answer));
      else for (const line of answerLines(answer)) print(line);
      if (answer.status >= 300) process.exitCode = 1;
    });

async function addressOf(project: Project, { url }: Options): Promise<string> {
  return url === undefined ? serverUrl(project) : httpUrl(url);
}

async function bodyOf(
  event: string | undefined,
  { options, source }: { options: Options; source: Source },
): Promise<Input & { event?: string | undefined }> {
  if (options.file) return { ...(await readInput(options.file)), event };
  const made = options.from
    ? await fromClone(options.from, { event, options, source })
    : madeUp(event, options, source);
  return { body: Buffer.from(made.body), event: made.event };
}

async function fromClone(
  clone: string,
  { event = 'push', options, source }: { event: string | undefined; options: Options; source: Source },
): Promise<Sample> {
  if (event !== 'push') throw new UserError(`--from makes a push, not "${harmless(event)}"`);
  const { branch, modified, remote, ...commit } = await readLastCommit(clone);
  const web = webOf(source);
  const ofClone = remote === undefined ? undefined : repositoryOfRemote(remote, web, source.kind);
  const repository = options.repository ?? ofClone;
  if (repository === undefined)
    throw new UserError(`Which repository is ${clone} a clone of? Its origin names none: give --repository owner/name`);
  const push = pushAs(source.kind, { ...commit, files: modified, repository, web, ref: `refs/heads/${branch}` });
  return push ?? noRepositories(source);
}

/** Makes a push or a tag for any Git provider, and GitHub's other samples for GitHub. */
function madeUp(event = 'push', { repository = 'octocat/hello-world' }: Options, source: Source): Sample {
  const isRef = event === 'push' || event === 'tag';
  if (isRef && source.kind !== 'github') {
    const push = pushAs(source.kind, {
      repository,
      ref: event === 'tag' ? 'refs/tags/v1.0.0' : 'refs/heads/main',
      before: event === 'tag' ? '0'.repeat(40) : randomBytes(20).toString('hex'),
      after: randomBytes(20).toString('hex'),
      message: `A sample ${event}`,
      files: ['README.md'],
      added: [],
      removed: [],
      author: { name: 'You', email: 'you@example.com' },
      timestamp: new Date().toISOString(),
      web: webOf(source),
    });
    return push ?? noRepositories(source);
  }
  const names = source.kind === 'github' ? SAMPLES : (['push', 'tag'] as const);
  if (!(names as readonly string[]).includes(event))
    throw new UserError(
      `There is no made-up "${harmless(event)}" (only ${names.join(', ')}); give the payload with --file`,
    );
  return sample(event as SampleName, repository);
}

function noRepositories({ kind }: Source): never {
  throw new UserError(`A source of kind ${kind} sends no pushes: give the payload with --file`);
}

function webOf(source: Source): string {
  return 'url' in source ? source.url.replace(/\/+$/, '') : 'https://example.invalid';
}

function answerLines({ status, body }: Sent): string[] {
  const note = body.duplicate ? ' duplicate' : body.ignored ? ` ignored: ${harmless(body.ignored)}` : '';
  const event = body.event ? ` ${harmless(body.event)}` : '';
  return [
    `${paint(status < 300 ? 'green' : 'red', String(status))}${note}${event}`,
    ...(body.error ? [`  ${harmless(body.error)}`] : []),
    ...verdictLines(body.verdicts ?? []),
    ...(body.runs ?? []).map((run) => `  ${field('run', harmless(run))}`),
    ...(body.delivery ? [`  ${field('delivery', `${body.delivery}   ${calledHere()} explain ${body.delivery}`)}`] : []),
  ];
}
