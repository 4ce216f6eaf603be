import type { Command } from './event.js';

/** Commands that work in every repository; see workflows/built-in/commands.ts. */
export const BUILT_IN_COMMANDS: readonly string[] = ['retest', 'test', 'cancel', 'approve', 'allow'];

/** The form of a command's name, without its slash. */
export const COMMAND_NAME = /^[a-z][a-z0-9-]{0,49}$/;

const MAX_COMMANDS = 10;
const MAX_ARGS = 20;
const MAX_ARG = 200;

/** A line that opens or closes a code block. Backticks that are closed in the same line are inline code. */
const FENCE = /^ {0,3}(`{3,}(?!.*`)|~{3,})/;

/** Begins the hidden marker in every comment that Hookyard writes. */
export const OUR_MARKER = '<!-- hookyard:';
/** The same for Bitbucket, which shows HTML comments as text. */
const OUR_BITBUCKET_MARKER = '[//]: # (hookyard:';

/**
 * Returns the commands of a comment: lines that begin with `/name`, outside of code, quotes and hidden parts. A line that
 * is indented by four blanks is code too, as in Markdown. A comment of Hookyard's own quotes strangers, and has none.
 */
export function commandsIn(body: string): Command[] {
  if (body.includes(OUR_MARKER) || body.includes(OUR_BITBUCKET_MARKER)) return [];
  const commands: Command[] = [];
  let fence: string | undefined;
  let hidden: RegExp | undefined;
  for (const line of body.split(/\r\n|\r|\n/)) {
    const mark = FENCE.exec(line)?.[1];
    if (fence !== undefined) {
      if (mark?.startsWith(fence) && line.trim() === mark) fence = undefined;
      continue;
    }
    if (mark !== undefined) {
      fence = mark;
      continue;
    }
    hidden = endOfHidden(line);
    const command = hidden ? undefined : commandOf(line);
    if (command) commands.push(command);
    if (commands.length === MAX_COMMANDS) break;
  }
  return commands;
}

/** Returns what ends an HTML comment or preformatted text that begins on a line and goes on after it. */
function endOfHidden(line: string): RegExp | undefined {
  const comment = line.lastIndexOf('<!--');
  if (comment >= 0 && !line.slice(comment).includes('-->')) return /-->/;
  return /<pre[\s>]/i.test(line) && !/<\/pre>/i.test(line) ? /<\/pre>/i : undefined;
}

function commandOf(line: string): Command | undefined {
  const found = /^ {0,3}\/([a-z][a-z0-9-]{0,49})(?:[ \t]+(.*))?$/.exec(line.trimEnd());
  // No person writes a line with control characters in it.
  if (!found?.[1] || /[^\P{Cc}\t]/u.test(line)) return undefined;
  const args = (found[2] ?? '').split(/[ \t]+/).filter((arg) => arg !== '');
  return { name: found[1], args: args.slice(0, MAX_ARGS).map((arg) => arg.slice(0, MAX_ARG)) };
}
