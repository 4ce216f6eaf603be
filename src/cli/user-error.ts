/** A command can't be carried out as asked. The message says what to do; it is printed without a stack. Exit code 2. */
export class UserError extends Error {
  override readonly name = 'UserError';
}

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

/** A full disk, a missing right, a file where a folder should be: the message of such an error names the file. */
function isOfSystem(error: Error): error is NodeJS.ErrnoException {
  return 'syscall' in error && 'code' in error;
}
