import { type NewBuild, type Parameter, RemoteCiError } from './remote-ci.js';

/** In characters: of all names and values together. */
const MAX_TEXT = 32_768;
const MAX_COUNT = 100;
const NAME = /^[A-Za-z_][\w.-]{0,99}$/;

/** What a build's settings call the parameters that are Hookyard's own. */
interface OwnNames {
  readonly correlation: string;
  readonly callback?: string | undefined;
}

/**
 * Returns what a build is given: its author's parameters, our id of it, and the callback URL where it has a name. Throws
 * {@link RemoteCiError} for names that no service takes, such as are ours, and for more than services take.
 */
export function parametersOf(
  { parameters, correlation, callbackUrl }: Pick<NewBuild, 'parameters' | 'correlation' | 'callbackUrl'>,
  own: OwnNames,
): Readonly<Record<string, Parameter>> {
  for (const name of Object.keys(checked(parameters)))
    if (name === own.correlation || name === own.callback)
      throw refused(`the parameter ${name} is Hookyard's own: give yours another name, or the build's settings`);
  return {
    ...parameters,
    [own.correlation]: correlation,
    ...(own.callback !== undefined && callbackUrl !== undefined && { [own.callback]: callbackUrl }),
  };
}

/** Returns an author's parameters. Throws {@link RemoteCiError} for names that no service takes, and for more than services take. */
export function checked(parameters: NewBuild['parameters']): NewBuild['parameters'] {
  const entries = Object.entries(parameters);
  const wrong = entries.find(([name]) => !NAME.test(name));
  if (wrong)
    throw refused(
      `${JSON.stringify(wrong[0])} is no name of a parameter: letters, digits, _, - and ., not a digit first`,
    );
  if (entries.length > MAX_COUNT) throw refused(`takes ${MAX_COUNT} parameters, and not ${entries.length}`);
  const length = entries.reduce((sum, [name, value]) => sum + name.length + String(value).length, 0);
  if (length > MAX_TEXT) throw refused(`takes parameters of ${MAX_TEXT} characters together, and not of ${length}`);
  return parameters;
}

function refused(message: string): RemoteCiError {
  return new RemoteCiError('refused', message);
}

/** Returns parameters as texts: most services know no others. */
export function asTexts(parameters: Readonly<Record<string, Parameter>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, String(value)]));
}
