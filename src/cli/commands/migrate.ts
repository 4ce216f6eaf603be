import { Command, Option } from 'commander';
import { environmentSchema } from '../../config/environment.js';
import type { Secret } from '../../secrets/secret.js';
import { migratePostgres, pendingMigrations } from '../../store/postgres/migrate.js';
import type { Migration } from '../../store/postgres/migrations.js';
import { jsonText } from '../format/control-characters.js';
import { print } from '../format/paint.js';
import { databaseError } from '../processes/database-error.js';
import { migrateFromFile } from '../processes/migrate-from-file.js';
import { UserError } from '../user-error.js';
import { jsonOption } from './options.js';

interface Options {
  readonly check?: boolean;
  readonly fromFile?: string;
  readonly json?: boolean;
}

/** `hookyard migrate`: brings the database's schema up to date, before servers of this version start. */
export const migrate = () =>
  new Command('migrate')
    .description("bring the database's schema up to date (DATABASE_URL; a file's schema needs nothing)")
    .option('--check', 'change nothing; exit 1 if something is to be done')
    .addOption(
      new Option(
        '--from-file <path>',
        'then copy a store from a file, hookyard.db or its data folder, into the empty database',
      ).conflicts('check'),
    )
    .addOption(jsonOption)
    .action(async (options: Options) => {
      const url = databaseUrl(process.env);
      if (options.fromFile !== undefined) return migrateFromFile(options.fromFile, { url, json: options.json });
      if (!url) return printOutcome(options, { store: 'sqlite', applied: [], pending: [] });
      try {
        const pending = options.check ? await pendingMigrations({ url }) : [];
        const applied = options.check ? [] : await migratePostgres({ url });
        printOutcome(options, { store: 'postgres', applied, pending });
        if (pending.length > 0) process.exitCode = 1;
      } catch (error) {
        throw databaseError(error);
      }
    });

/** Reads nothing else of the configuration: where a schema is migrated, the webhooks' secrets need not be set. */
function databaseUrl(env: NodeJS.ProcessEnv): Secret | undefined {
  const parsed = environmentSchema
    .pick({ DATABASE_URL: true })
    .safeParse({ DATABASE_URL: env.DATABASE_URL || undefined });
  if (!parsed.success) throw new UserError(`DATABASE_URL: ${parsed.error.issues[0]?.message}`);
  return parsed.data.DATABASE_URL;
}

function printOutcome(
  { json, check }: Options,
  outcome: { store: 'sqlite' | 'postgres'; applied: readonly Migration[]; pending: readonly Migration[] },
): void {
  const applied = outcome.applied.map(({ version, name }) => ({ version, name }));
  const pending = outcome.pending.map(({ version, name }) => ({ version, name }));
  if (json) {
    print(jsonText({ store: outcome.store, applied, pending }));
    return;
  }
  for (const { version, name } of applied) print(`Applied ${version}: ${name}`);
  for (const { version, name } of pending) print(`To do ${version}: ${name}`);
  if (outcome.store === 'sqlite')
    print('The store is a file (DATABASE_URL is not set), which is kept up to date by itself.');
  else if (pending.length > 0) print('The schema is older than this version of Hookyard. Run: hookyard migrate');
  else print(check || applied.length === 0 ? 'The schema is up to date.' : 'The schema is up to date now.');
}
