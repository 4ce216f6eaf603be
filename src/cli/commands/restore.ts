import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { prepareDataFolder } from '../../config/data-folder.js';
import { readProject } from '../../config/project.js';
import { keepReachedAs } from '../../config/reached-as.js';
import { createLog } from '../../log.js';
import { hasRuns, RUNS_FILE, STORE_FILE, secretsIn } from '../../store/backup/manifest.js';
import { type Restored, restoreBackup } from '../../store/backup/restore-backup.js';
import { temporalIsConfigured } from '../../temporal/connect.js';
import { stopOrphanedServer } from '../../temporal/orphaned-server.js';
import { contentOf } from '../format/backup-lines.js';
import { jsonText } from '../format/control-characters.js';
import { counted } from '../format/counted.js';
import { field } from '../format/field.js';
import { print } from '../format/paint.js';
import { createProgress, inMegabytes } from '../format/progress.js';
import { ownData } from '../processes/data-folder-owner.js';
import { interruptible } from '../processes/interrupted.js';
import { refuseOpenStore } from '../processes/refuse-open-store.js';
import { UserError } from '../user-error.js';
import { jsonOption } from './options.js';

interface Options {
  /** False with `--no-runs`. */
  readonly runs: boolean;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** `hookyard restore`: puts a backup into the data folder. */
export const restore = () =>
  new Command('restore')
    .description('put a backup into the data folder (HOOKYARD_DATA), on which no hookyard may run')
    .argument('<file>', 'what hookyard backup has made')
    .option('--no-runs', "without Temporal's runs: nothing that was under way goes on")
    .option('--force', 'move aside what the data folder holds already')
    .addOption(jsonOption)
    .action(async (name: string, options: Options) => {
      const { data, environment } = await readProject({ env: process.env, cwd: process.cwd() });
      if (environment.DATABASE_URL) throw new UserError(INTO_POSTGRES);
      refuseNoFile(name);
      prepareDataFolder(data);
      const owned = await ownData(data, 'restore');
      const progress = createProgress();
      try {
        // Without it, a folder with a store in it is refused in any case.
        if (options.force) refuseOpenStore(join(data, STORE_FILE));
        // One that an earlier Hookyard left running would go on writing to the file that is moved aside.
        const log = createLog({ level: 'warn', pretty: process.stdout.isTTY === true });
        await stopOrphanedServer(data, { database: join(data, RUNS_FILE), log });
        const restored = await interruptible('nothing was restored', (signal) =>
          restoreBackup({
            file: resolve(name),
            data,
            // Those of another Temporal are no use to the one that is configured.
            runs: options.runs && !temporalIsConfigured(process.env),
            replace: options.force === true,
            onProgress: (state) => progress.show(`Restoring: ${inMegabytes(state)}`),
            signal,
          }),
        );
        progress.end();
        const { reachedAs } = restored.manifest;
        if (reachedAs !== undefined) keepReachedAs(data, reachedAs);
        if (options.json) print(jsonText(summary(data, restored)));
        else for (const line of linesOf(data, restored)) print(line);
      } finally {
        progress.end();
        await owned.release();
      }
    });

/** Throws {@link UserError} before a data folder is made for nothing. */
function refuseNoFile(name: string): void {
  const found = statSync(name, { throwIfNoEntry: false });
  if (!found) throw new UserError(`There is no ${resolve(name)}`);
  if (found.isDirectory())
    throw new UserError(`${resolve(name)} is a folder: name the file that hookyard backup has made`);
}

const INTO_POSTGRES =
  'The store is a Postgres database (DATABASE_URL), and a backup holds files: restore it without DATABASE_URL, then run ' +
  'hookyard migrate --from-file <the data folder> with it';

function summary(data: string, { manifest, files, movedTo, otherSecrets }: Restored) {
  const { version, createdAt, schema, counts } = manifest;
  return {
    data,
    version,
    createdAt,
    schema,
    counts,
    runs: hasRuns({ files }),
    secrets: secretsIn({ files }).length,
    ...(movedTo !== undefined && { movedTo }),
    ...(otherSecrets.length > 0 && { otherSecrets }),
  };
}

function linesOf(data: string, { manifest, files, movedTo, otherSecrets }: Restored): string[] {
  const { createdAt, version } = manifest;
  const secrets = secretsIn({ files }).length;
  return [
    field('Restored', `${data}, as of ${createdAt}, by Hookyard ${version}`),
    field('Holds', contentOf(manifest)),
    field('Runs', hasRuns({ files }) ? `those that were open at ${createdAt} ${GO_ON}` : WITHOUT_RUNS),
    field('Secrets', secrets > 0 ? counted(secrets, 'generated one') : WITHOUT_SECRETS),
    ...(manifest.reachedAs === undefined
      ? []
      : [field('Reached', `by others, as ${manifest.reachedAs}: by that its page knows who has to sign in`)]),
    ...(movedTo === undefined ? [] : [field('Before', `what was there is in ${join(data, movedTo)}`)]),
    ...(otherSecrets.length > 0 ? [field('Others', `${otherSecrets.join(', ')} ${WERE_OTHERS}`, 'yellow')] : []),
    field(
      'Next',
      'stop the Hookyard that this was taken from, if it still runs: two would both act. Then start this one',
    ),
  ];
}

const WERE_OTHERS =
  'were other ones before: what has been given those, as webhooks at a rotation, is refused now, and what was replaced ' +
  'since the backup counts again. Put the ones that are in use back from there before you start';
const GO_ON = 'go on from there, and do again what they have done since';
const WITHOUT_RUNS =
  "none of Temporal's: what waited is started, what was handed over before is not started again, and nothing goes on " +
  'that was under way, unless the Temporal that it runs on is still there';
const WITHOUT_SECRETS =
  'none: put the old files into its folder secrets before you start, else new ones are made, and webhooks and ' +
  'callbacks that use the old ones are refused';
