/**
 * Returns the first line of a commit's message that is not blank, as git shows it: not every tool that commits takes away
 * those before. Undefined where there is none.
 */
export function subjectOf(message: string): string | undefined {
  const begin = message.length - message.trimStart().length;
  if (begin === message.length) return undefined;
  const line = message.slice(message.lastIndexOf('\n', begin) + 1);
  return line.split(/\r?\n/, 1)[0];
}
