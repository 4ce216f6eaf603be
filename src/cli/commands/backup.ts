import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { readProject } from '../../config/project.js';
import { readReachedAs } from '../../config/reached-as.js';
import { makeNicer, NICER_BY } from '../../niceness.js';
import { packageVersion } from '../../paths.js';
import { hasRuns, type Manifest, SECRETS_FOLDER, secretsIn } from '../../store/backup/manifest.js';
import { takeBackup } from '../../store/backup/take-backup.js';
import { temporalIsConfigured } from '../../temporal/connect.js';
import { mustBeReadable } from '../client/readable-data.js';
import { contentOf } from '../format/backup-lines.js';
import { jsonText } from '../format/control-characters.js';
import { counted } from '../format/counted.js';
import { field } from '../format/field.js';
import { complain, print } from '../format/paint.js';
import { createProgress, inMegabytes } from '../format/progress.js';
import { interruptible } from '../processes/interrupted.js';
import { UserError } from '../user-error.js';
import { jsonOption } from './options.js';

interface Options {
  readonly includeSecrets?: boolean;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** `hookyard backup`: writes what the data folder holds into one file. */
export const backup = () =>
  new Command('backup')
    .description('copy the data folder into one file, also while hookyard runs: deliveries, runs, records, logs')
    .argument('<file>', 'where to; a file that is there is not replaced')
    .option('--include-secrets', 'with the generated secrets, in plain text')
    .option('--force', 'replace the file if it is there')
    .addOption(jsonOption)
    .action(async (name: string, options: Options) => {
      const { data, environment } = await readProject({ env: process.env, cwd: process.cwd() });
      if (environment.DATABASE_URL) throw new UserError(FOR_POSTGRES);
      mustBeReadable(data);
      // Deliveries go before.
      makeNicer(process.pid, NICER_BY);
      const file = resolve(name);
      const progress = createProgress();
      const manifest = await interruptible('no backup was made', (signal) =>
        takeBackup({
          data,
          file,
          overwrite: options.force === true,
          runs: !temporalIsConfigured(process.env),
          secrets: options.includeSecrets === true,
          reachedAs: readReachedAs(data),
          version: packageVersion(),
          onProgress: (state) => progress.show(`Copying: ${inMegabytes(state)}`),
          signal,
        }),
      ).finally(() => progress.end());
      const bytes = statSync(file).size;
      const secrets = secretsIn(manifest).length;
      if (options.json) print(jsonText(summary({ file, bytes, manifest })));
      else for (const line of linesOf({ file, bytes, manifest, data })) print(line);
      if (secrets > 0) {
        complain(
          `The backup holds ${counted(secrets, 'secret')} in plain text: whoever can read it can sign deliveries and use the API. ` +
            'Keep it as you keep passwords.',
        );
      }
    });

const FOR_POSTGRES =
  'The store is a Postgres database (DATABASE_URL), and hookyard backup copies files: back the database up with ' +
  'pg_dump --format=custom --file=hookyard.dump "$DATABASE_URL". docs/backup.md says what belongs to it besides';

interface Made {
  readonly file: string;
  readonly bytes: number;
  readonly manifest: Manifest;
}

function summary({ file, bytes, manifest }: Made) {
  const { version, createdAt, schema, counts } = manifest;
  return {
    file,
    bytes,
    version,
    createdAt,
    schema,
    counts,
    runs: hasRuns(manifest),
    secrets: secretsIn(manifest).length,
  };
}

function linesOf({ file, bytes, manifest, data }: Made & { readonly data: string }): string[] {
  const inIt = secretsIn(manifest).length;
  const folder = join(data, SECRETS_FOLDER);
  const left = inIt === 0 && existsSync(folder) ? readdirSync(folder).length : 0;
  return [
    field('Backup', `${file}, ${(bytes / 1_000_000).toFixed(1)} MB, of ${manifest.createdAt}`),
    field('Holds', contentOf(manifest)),
    field(
      'Runs',
      hasRuns(manifest)
        ? "Temporal's, as they were at that moment"
        : "left out: this data folder has no Temporal database of its own; back Temporal's up by its own means",
    ),
    ...(inIt > 0 ? [field('Secrets', counted(inIt, 'generated one'))] : []),
    ...(left > 0
      ? [
          field(
            'Secrets',
            `left out: keep a copy of the ${counted(left, 'file')} in ${folder}, or use --include-secrets`,
          ),
        ]
      : []),
    field(
      'Not here',
      'artifacts, which nobody makes again; git mirrors and workspaces, which are made again; hookyard.config.ts and automations',
    ),
  ];
}
