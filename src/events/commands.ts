import type { Command } from './event.js';

/** A command's name, as an automation may listen to it. */
export const COMMAND_NAME = /^[a-z][a-z0-9-]{0,49}$/;

const MOST_COMMANDS = 10;
const MOST_ARGS = 20;
const LONGEST_ARG = 200;

/** Backticks that are closed in their own line are code within a text, and open nothing. */
const FENCE = /^ {0,3}(`{3,}(?!.*`)|~{3,})/;

/**
 * The commands of a comment: lines that begin with `/name`, outside of code and quotes. A line that is indented by four
 * blanks is code too, as Markdown has it.
 */
export function commandsIn(body: string): Command[] {
  const commands: Command[] = [];
  let fence: string | undefined;
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
    const command = commandOf(line);
    if (command) commands.push(command);
    if (commands.length === MOST_COMMANDS) break;
  }
  return commands;
}

function commandOf(line: string): Command | undefined {
  const found = /^ {0,3}\/([a-z][a-z0-9-]{0,49})(?:[ \t]+(.*))?$/.exec(line.trimEnd());
  if (!found?.[1]) return undefined;
  const args = (found[2] ?? '').split(/[ \t]+/).filter((arg) => arg !== '');
  return { name: found[1], args: args.slice(0, MOST_ARGS).map((arg) => arg.slice(0, LONGEST_ARG)) };
}
