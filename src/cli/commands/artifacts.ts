import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Command } from 'commander';
import { isArtifactName } from '../../runs/artifact-name.js';
import type { ListedArtifact } from '../../server/api/contract.js';
import { sizeOf } from '../../server/page/size.js';
import type { Api } from '../client/api.js';
import { connectApi } from '../client/find-server.js';
import { jsonText } from '../format/control-characters.js';
import { harmless, paint, print } from '../format/paint.js';
import { UserError } from '../user-error.js';
import { jsonOption, type ServerOptions, urlOption } from './options.js';
import { nameOfRun, RUN_NAMES } from './run-argument.js';

interface Options extends ServerOptions {
  readonly get?: readonly string[];
  readonly all?: true;
  readonly to: string;
  readonly force?: true;
}

/** `hookyard artifacts`: lists what a run has kept, and downloads it. */
export const artifacts = () =>
  new Command('artifacts')
    .description('list what a run has kept, or download it as <name>.tar.gz')
    .argument('<run...>', RUN_NAMES)
    .option('--get <name...>', 'download these')
    .option('--all', 'download all of them')
    .option('--to <folder>', 'where they are written to', '.')
    .option('--force', 'replace files that are there')
    .addOption(urlOption)
    .addOption(jsonOption)
    .action(async (words: readonly string[], options: Options) => {
      const api = await connectApi(options);
      const { run } = await api.namedRun(nameOfRun(words), 'artifacts');
      const { artifacts: listed } = await api.artifacts(run);
      const names = options.all ? listed.map(({ name }) => name) : options.get;
      if (names === undefined) return show(listed, options);
      const wanted = names.map((name) => {
        const found = listed.find((one) => one.name === name);
        if (found) return found;
        throw new UserError(`"${run}" has kept no artifact ${name}, or it has expired; without --get all are listed`);
      });
      const files = [];
      for (const { name, bytes } of wanted) files.push(await download(api, { run, name, bytes, ...options }));
      if (options.json) print(jsonText({ files }));
      else for (const file of files) print(`${paint('bold', 'Written')}: ${harmless(file)}`);
    });

function show(listed: readonly ListedArtifact[], { json }: Options): void {
  if (json) return void print(jsonText({ artifacts: listed }));
  if (listed.length === 0) return void print('It has kept no artifacts, or they have expired.');
  for (const { name, job, bytes, expiresAt, untrusted } of listed) {
    const more = untrusted ? ", made by code that may be a stranger's" : '';
    print(
      `${sizeOf(bytes).padStart(10)}  ${paint('bold', harmless(name))}  ${paint('gray', harmless(`of ${job}, until ${expiresAt.slice(0, 16).replace('T', ' ')}${more}`))}`,
    );
  }
}

/** Writes an artifact to a file beside its place and renames it. Returns the file. Throws {@link UserError} where one is there. */
async function download(
  api: Api,
  { run, to, force, ...of }: Pick<Options, 'to' | 'force'> & Pick<ListedArtifact, 'name' | 'bytes'> & { run: string },
): Promise<string> {
  const { name } = of;
  if (!isArtifactName(name)) throw new UserError(`"${name}" is no name of an artifact`);
  const file = join(to, `${name}.tar.gz`);
  if (existsSync(file) && !force)
    throw new UserError(`${file} is there already: name another folder with --to, or give --force`);
  await mkdir(to, { recursive: true });
  const part = `${file}.part`;
  try {
    const body = await api.artifact(run, of);
    await pipeline(Readable.fromWeb(body as never), createWriteStream(part)).catch((error: Error) => {
      // What the system refuses here says so itself.
      if ('syscall' in error) throw error;
      throw new UserError(
        `What comes of ${name} broke off (${harmless(error.message)}): nothing was written. Try again`,
      );
    });
    await rename(part, file);
  } finally {
    await rm(part, { force: true });
  }
  return file;
}
