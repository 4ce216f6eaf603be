/** A command can't be carried out as asked. The message says what to do; it is printed without a stack. Exit code 2. */
export class UserError extends Error {
  override readonly name = 'UserError';
}

/** A server has not answered, or not as one that is there: asked again later, it may. */
export class ServerAway extends UserError {}

/** Names of the errors that a person can correct. */
const EXPECTED = [
  'UserError',
  'ConfigError',
  'CatalogError',
  'ModuleError',
  'NoTemporalError',
  'BackupError',
  'SecretUnavailable',
];

/**
 * Returns what a person is shown of an error that a person can correct, without a stack, which would only hide it; undefined
 * for all others.
 */
export function messageForPeople(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (EXPECTED.includes(error.name)) return error.message;
  if (!isOfSystem(error)) return undefined;
  return `The system refused what Hookyard needs: ${error.message}. Correct that, and try again`;
}

/** Full disks, too many open files or processes, no memory: of these there may be enough again without anybody. */
const PASSING: readonly unknown[] = ['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE', 'EAGAIN', 'ENOMEM'];

/** Returns whether what an error says may be over by itself, as with a full disk or a service that gives out secrets. */
export function mayPass(error: unknown): boolean {
  return (
    error instanceof Error &&
    (['SecretUnavailable', 'StoreUnavailableError'].includes(error.name) ||
      (isOfSystem(error) && PASSING.includes(error.code)))
  );
}

/** A full disk, a missing right, a file where a folder should be: the message of such an error names the file. */
function isOfSystem(error: Error): error is NodeJS.ErrnoException {
  return 'syscall' in error && 'code' in error;
}
