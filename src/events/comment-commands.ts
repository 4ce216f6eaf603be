import type { Command } from './event.js';

/** Those that work in every repository; see workflows/commands.ts. */
export const BUILT_IN_COMMANDS: readonly string[] = ['retest', 'test', 'cancel', 'approve', 'allow'];

/** A command's name, as an automation may listen to it. */
export const COMMAND_NAME = /^[a-z][a-z0-9-]{0,49}$/;

const MAX_COMMANDS = 10;
const MAX_ARGS = 20;
const MAX_ARG = 200;

/** Backticks that are closed in their own line are code within a text, and open nothing. */
const FENCE = /^ {0,3}(`{3,}(?!.*`)|~{3,})/;

/** In every comment of ours; see the activity that writes them. */
export const OUR_MARK = '<!-- hookyard:';
/** The same as Bitbucket has it, which shows HTML comments as text. */
const OUR_MARK_AT_BITBUCKET = '[//]: # (hookyard:';

/**
 * The commands of a comment: lines that begin with `/name`, outside of code, quotes and what is not shown. A line that is
 * indented by four blanks is code too, as Markdown has it. What we wrote ourselves, which quotes strangers, holds none.
 */
export function commandsIn(body: string): Command[] {
  if (body.includes(OUR_MARK) || body.includes(OUR_MARK_AT_BITBUCKET)) return [];
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

/** What ends a part that begins on a line and is not shown as text: an HTML comment, or preformatted text. */
function endOfHidden(line: string): RegExp | undefined {
  const comment = line.lastIndexOf('<!--');
  if (comment >= 0 && !line.slice(comment).includes('-->')) return /-->/;
  return /<pre[\s>]/i.test(line) && !/<\/pre>/i.test(line) ? /<\/pre>/i : undefined;
}

function commandOf(line: string): Command | undefined {
  const found = /^ {0,3}\/([a-z][a-z0-9-]{0,49})(?:[ \t]+(.*))?$/.exec(line.trimEnd());
  // A name with a control character in it is nothing that a person wrote.
  if (!found?.[1] || /[^\P{Cc}\t]/u.test(line)) return undefined;
  const args = (found[2] ?? '').split(/[ \t]+/).filter((arg) => arg !== '');
  return { name: found[1], args: args.slice(0, MAX_ARGS).map((arg) => arg.slice(0, MAX_ARG)) };
}
