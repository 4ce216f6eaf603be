/** A command can't be carried out as asked. The message says what to do; it is printed without a stack. Exit code 2. */
export class UserError extends Error {
  override readonly name = 'UserError';
}
