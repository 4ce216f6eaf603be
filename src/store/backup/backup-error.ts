/** A backup can't be made or restored as asked. The message says what to do, and is shown without a stack. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
}
