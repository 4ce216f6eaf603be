import { OUR_BITBUCKET_MARKER, OUR_MARKER, REJECT_COMMAND } from '../../events/comment-commands.js';
import type { Command } from '../../events/event.js';
import { cutToLength } from '../../events/truncate.js';
import { afterBlanks, BLANK } from './blanks.js';
import { isTangled } from './is-tangled.js';
import { visibleLines } from './visible-lines.js';

const MAX_COMMANDS = 10;
const MAX_ARGS = 20;
/** Of a command behind which a reason stands: a sentence or two. */
const MAX_WORDS = 100;
const MAX_ARG = 200;
/** As many characters of a comment as events hold. It also bounds the parser, which takes time as the square. */
const MAX_BODY = 10_000;

/** Most comments have no line that begins with a slash, and need no parser. */
const CANDIDATE = new RegExp(`(?:^|[\\n\\r])${BLANK}*/[a-zA-Z]`, 'u');
/** The name's first letter may be a capital, which phones write at the beginning of a line. */
const COMMAND = new RegExp(`^/([a-zA-Z][a-z0-9-]{0,49})(?:${BLANK}+(.*))?$`, 'su');
const BLANKS = new RegExp(`${BLANK}+`, 'u');
/** Control characters, and those that show a line in another order than it is read. No person writes them. */
const DECEIVING = /[^\P{Cc}\t]|[\u202a-\u202e\u2066-\u2069]/u;

/**
 * Returns the commands of a comment: the lines that begin with `/name`, as a reader of the rendered comment sees them. What
 * stands in code, quotes, tables, links, HTML that hides or quotes, and in the mail that somebody answers is none. A comment
 * of Hookyard's own quotes strangers, and has none.
 */
export function commandsIn(body: string): Command[] {
  if (isOurs(body)) return [];
  const text = cutToLength(body, MAX_BODY);
  if (!CANDIDATE.test(text) || isTangled(text)) return [];
  // One that fills the limit was cut, and what its last block would have been is not known.
  const commands: Command[] = [];
  for (const line of visibleLines(text, { cut: body.length >= MAX_BODY - 1 })) {
    const command = commandOf(line);
    if (command) commands.push(command);
    if (commands.length === MAX_COMMANDS) break;
  }
  return commands;
}

/** Whether a comment has our marker itself. People answer with all of its text in a quote, as some systems put it there for them. */
function isOurs(body: string): boolean {
  const has = (text: string) => text.includes(OUR_MARKER) || text.includes(OUR_BITBUCKET_MARKER);
  return has(body) && body.split(/[\r\n]+/).some((line) => !line.trimStart().startsWith('>') && has(line));
}

function commandOf(line: string): Command | undefined {
  const found = COMMAND.exec(afterBlanks(line));
  if (!found?.[1] || DECEIVING.test(line)) return undefined;
  const args = (found[2] ?? '').split(BLANKS).filter((arg) => arg !== '');
  const name = found[1].charAt(0).toLowerCase() + found[1].slice(1);
  const most = name === REJECT_COMMAND ? MAX_WORDS : MAX_ARGS;
  return { name, args: args.slice(0, most).map((arg) => arg.slice(0, MAX_ARG)) };
}
