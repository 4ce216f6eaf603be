import { Command, CommanderError } from 'commander';
import { packageVersion } from '../paths.js';
import { ProviderError } from '../providers/error.js';
import { outliveReaders, READER_GONE_CODE, ReaderGone } from './broken-pipe.js';
import { complain, harmless } from './format/paint.js';
import { endOnUncaught } from './uncaught.js';
import { messageForPeople, UserError } from './user-error.js';

/**
 * The commands. One is loaded only when it is asked for, because the worker alone takes longer to load than most commands
 * take to run; `--help` loads all.
 */
const COMMANDS = {
  start: async () => (await import('./commands/start.js')).start,
  server: async () => (await import('./commands/server.js')).server,
  worker: async () => (await import('./commands/worker.js')).worker,
  connect: async () => (await import('./commands/connect.js')).connect,
  doctor: async () => (await import('./commands/doctor.js')).doctor,
  demo: async () => (await import('./commands/demo.js')).demo,
  send: async () => (await import('./commands/send.js')).send,
  deliveries: async () => (await import('./commands/deliveries.js')).deliveries,
  explain: async () => (await import('./commands/explain.js')).explain,
  replay: async () => (await import('./commands/replay.js')).replay,
  reconcile: async () => (await import('./commands/reconcile.js')).reconcile,
  run: async () => (await import('./commands/run.js')).run,
  runs: async () => (await import('./commands/runs.js')).runs,
  automations: async () => (await import('./commands/automations.js')).automations,
  cancel: async () => (await import('./commands/cancel.js')).cancel,
  rerun: async () => (await import('./commands/rerun.js')).rerun,
  approve: async () => (await import('./commands/approve.js')).approve,
  reject: async () => (await import('./commands/approve.js')).reject,
  lanes: async () => (await import('./commands/lanes.js')).lanes,
  artifacts: async () => (await import('./commands/artifacts.js')).artifacts,
  cache: async () => (await import('./commands/cache.js')).cache,
  logs: async () => (await import('./commands/logs.js')).logs,
  status: async () => (await import('./commands/status.js')).status,
  open: async () => (await import('./commands/open.js')).open,
  outbound: async () => (await import('./commands/outbound.js')).outbound,
  feeds: async () => (await import('./commands/feeds.js')).feeds,
  acts: async () => (await import('./commands/acts.js')).acts,
  shell: async () => (await import('./commands/shell.js')).shell,
  mask: async () => (await import('./commands/mask.js')).mask,
  flaky: async () => (await import('./commands/flaky.js')).flaky,
  forget: async () => (await import('./commands/forget.js')).forget,
  secrets: async () => (await import('./commands/secrets.js')).secrets,
  backup: async () => (await import('./commands/backup.js')).backup,
  restore: async () => (await import('./commands/restore.js')).restore,
  migrate: async () => (await import('./commands/migrate.js')).migrate,
} as const satisfies Record<string, () => Promise<() => Command>>;

const EXIT_CODES = '\nExit codes: 0 done, 1 it did not go well, 2 it could not be tried as asked.';

outliveReaders();
endOnUncaught();
try {
  await (await readProgram()).parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

/** Returns the program with the command that is asked for, or with all where none of them is. */
async function readProgram(): Promise<Command> {
  inFolderThatIsThere();
  const program = new Command('hookyard')
    .description('Turns Git-provider webhooks into durable automations.')
    .version(packageVersion(), '-V, --version', 'print the version')
    .configureOutput({
      outputError: (text, write) => write(`${text.trimEnd().split('\n').map(harmless).join('\n')}\n`),
    })
    .addHelpText('afterAll', EXIT_CODES)
    .exitOverride();
  const asked = process.argv[2] ?? '';
  const wanted = Object.entries(COMMANDS).filter(([name]) => name === asked || !Object.hasOwn(COMMANDS, asked));
  for (const [, load] of wanted) program.addCommand((await load())());
  settle(program, 'hookyard', 'lists the commands');
  return program;
}

/** Has all commands below one end and complain as it does: each was made before it was added. */
function settle(command: Command, called: string, helps: string): void {
  command.showHelpAfterError(`(${called} --help ${helps})`);
  for (const below of command.commands)
    settle(below.copyInheritedSettings(command), `${called} ${below.name()}`, 'tells what it takes');
}

/** Throws {@link UserError} where the folder of the shell has been deleted: what is loaded then fails with a stack. */
function inFolderThatIsThere(): void {
  try {
    process.cwd();
  } catch {
    throw new UserError('The folder that hookyard is called in is not there any more: go to another one');
  }
}

/** Prints an error and returns the exit code: 1 if what was asked for failed, 2 if it could not be tried as asked. */
function report(error: unknown): number {
  if (error instanceof ReaderGone) return READER_GONE_CODE;
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof ProviderError) {
    complain(error.message);
    return error.status !== undefined && error.kind !== 'unavailable' ? 1 : 2;
  }
  const message = messageForPeople(error);
  if (message !== undefined) {
    complain(message);
    return 2;
  }
  complain(`Hookyard ended unexpectedly: ${(error as Error).stack ?? error}`);
  return 1;
}
