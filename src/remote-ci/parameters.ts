import { type BuiltRef, type NewBuild, type Parameter, RemoteCiError } from './remote-ci.js';

/** In characters: of all names and values together. */
const MAX_TEXT = 32_768;
const MAX_COUNT = 100;
const NAME = /^[A-Za-z_][\w.-]{0,99}$/;

/** What a build's settings call the parameters that are Hookyard's own. */
interface OwnNames {
  readonly correlation?: string | undefined;
  readonly callback?: string | undefined;
  readonly ref?: string | undefined;
  readonly commit?: string | undefined;
}

/**
 * Returns what a build is given: its author's parameters, and where they have names our id of it, the callback URL, the branch or tag
 * (`refs/heads/main`) and the commit. Throws {@link RemoteCiError} for names that no service takes, such as are ours, and for more than
 * services take.
 */
export function parametersOf(
  { parameters, correlation, callbackUrl, ref, sha }: NewBuild,
  names: OwnNames,
): Readonly<Record<string, Parameter>> {
  const own = [
    [names.correlation, correlation],
    [names.callback, callbackUrl],
    [names.ref, ref && fullName(ref)],
    [names.commit, sha],
  ] as const;
  for (const name of Object.keys(checked(parameters)))
    if (own.some(([ours]) => ours === name))
      throw refused(`can't give its builds ${name}, which is Hookyard's own: name yours, or that in builds, otherwise`);
  const given = own.filter(([name, value]) => name !== undefined && value !== undefined);
  return { ...parameters, ...Object.fromEntries(given) };
}

/** Returns what Git calls a branch or a tag. */
export function fullName({ kind, name }: BuiltRef): string {
  return `refs/${kind === 'tag' ? 'tags' : 'heads'}/${name}`;
}

/** Returns an author's parameters. Throws {@link RemoteCiError} for names that no service takes, and for more than services take. */
export function checked(parameters: NewBuild['parameters']): NewBuild['parameters'] {
  const entries = Object.entries(parameters);
  const wrong = entries.find(([name]) => !NAME.test(name));
  if (wrong)
    throw refused(
      `takes no parameter ${JSON.stringify(wrong[0])}: names are of letters, digits, _, - and ., not a digit first`,
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
