/** Says that the configuration can't be used, and what to do. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  /** `reading`: what was read, and what is wrong with it, a line each; undefined for what could not be read at all. */
  constructor(
    message: string,
    readonly reading?: { readonly what: string; readonly problems: readonly string[] },
  ) {
    super(message);
  }
}

/** Returns an error that lists everything that is wrong with `what`, a line each. */
export function unusable(what: string, problems: readonly string[]): ConfigError {
  return new ConfigError(`${what} can't be used:\n${problems.map((problem) => `  ${problem}`).join('\n')}`, {
    what,
    problems,
  });
}
