/** The command can't be carried out as asked. The message says what to do; no stack is shown. Exit code 2. */
export class UserError extends Error {
  override readonly name = 'UserError';
}
