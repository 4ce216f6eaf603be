import { Command, CommanderError } from 'commander';
import { CatalogError } from '../catalog/load.js';
import { ConfigError } from '../config/load.js';
import { ModuleError } from '../modules/bundle.js';
import { ProviderError } from '../providers/error.js';
import { NoTemporalError } from '../temporal/find-cli.js';
import { approve } from './commands/approve.js';
import { connect } from './commands/connect.js';
import { deliveries } from './commands/deliveries.js';
import { demo } from './commands/demo.js';
import { doctor } from './commands/doctor.js';
import { explain } from './commands/explain.js';
import { logs } from './commands/logs.js';
import { migrate } from './commands/migrate.js';
import { reconcile } from './commands/reconcile.js';
import { replay } from './commands/replay.js';
import { run } from './commands/run.js';
import { send } from './commands/send.js';
import { server } from './commands/server.js';
import { start } from './commands/start.js';
import { worker } from './commands/worker.js';
import { harmless } from './paint.js';
import { UserError } from './user-error.js';

/** What a person can put right: the message says how, and a stack would only hide it. */
const EXPECTED = [UserError, ConfigError, CatalogError, ModuleError, NoTemporalError];

const program = new Command('hookyard')
  .description('Turns Git-provider webhooks into durable automations.')
  .showHelpAfterError('(hookyard --help lists the commands)')
  .exitOverride();
for (const command of [
  start,
  server,
  worker,
  connect,
  doctor,
  demo,
  send,
  deliveries,
  explain,
  replay,
  reconcile,
  run,
  approve,
  logs,
  migrate,
])
  program.addCommand(command().copyInheritedSettings(program));

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = tell(error);
}

/** Exit codes: 1 what was asked for did not go well, 2 it could not be tried as asked. */
function tell(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof ProviderError) {
    process.stderr.write(`${harmless(error.message)}\n`);
    return error.status !== undefined && error.trouble !== 'unavailable' ? 1 : 2;
  }
  if (EXPECTED.some((kind) => error instanceof kind)) {
    process.stderr.write(`${(error as Error).message}\n`);
    return 2;
  }
  process.stderr.write(`Hookyard ended unexpectedly: ${(error as Error).stack ?? error}\n`);
  return 1;
}
