/** Folders whose names begin with a dot: most other such names are files'. */
const DOT_FOLDERS =
  /^\.(?:github|gitlab|gitea|forgejo|circleci|azuredevops|vscode|idea|husky|changeset|devcontainer|storybook|config|yarn)$/;
/** Files without an ending. */
const FILES = /^(?:[A-Z][A-Z0-9_-]*|[A-Z]\w*file|makefile|dockerfile|justfile|gradlew|mvnw|configure)$/;

/**
 * Returns the pattern for everything below a folder, where a pattern for paths has no wildcard and seems to name one. A file
 * may be called so, and then it is right: nothing but the repository could tell. `list`: all patterns of the option.
 */
export function folderMeant(pattern: string, list: readonly string[]): string | undefined {
  const path = pattern.replace(/^!/, '');
  if (/[*?[\]{}()\\]/.test(path)) return undefined;
  const name = path.split('/').at(-1) ?? '';
  const isFile = name.includes('.') ? !DOT_FOLDERS.test(name) : FILES.test(name);
  if (isFile || list.some((other) => other.startsWith(`${pattern}/`))) return undefined;
  return `${pattern}/**`;
}
