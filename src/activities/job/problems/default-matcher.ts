import type { Match } from './apply-matcher.js';

/** In characters: the longest line that is looked at. */
const LONGEST_LINE = 2_000;

/**
 * A file with an ending, a line, a column, a blank and a message. The file has neither a colon nor a blank, so that addresses with
 * ports, times and the lines of stack traces are none; each part is bounded and begins where the one before ends, so that
 * no line takes long. TypeScript puts a dash before what it says where it writes for people. Compilers begin a line with the file, and put one blank before what they say.
 */
const PLACE =
  /^([\s>]{0,20})((?:\.{0,2}\/)?[^\s:"'<>|*?]{1,300}):(\d{1,7}):(\d{1,5})(?::| -(?= (?:error|warning) TS\d))( +)(.*)$/s;

/** `error:`, `fatal error:`, `warning TS6133:`, `error[E0308]:`. Blanks are gone over twice at most, however many there are. */
const SEVERITY =
  /^(fatal error|error|warning|warn|note|notice|info|hint|help|remark|style)\b(?:\s*(?:\[([\w-]{1,40})\]|([A-Z]{1,6}\d{1,6})))?\s*:\s*(.*)$/is;
/** As ESLint's and others' `unix` format has it at the end. */
const AT_THE_END = /\s\[(error|warning)(?:\/([^\]\s]{1,100}))?\]$/i;

/**
 * Returns the problem that a line tells of in the format that most compilers and linters share, `file:line:col: message`, or
 * undefined. Whether the file is there has to be looked up. A line that does not call itself an error is a warning: such lines
 * are printed by what then ends well, too.
 */
export function defaultMatch(line: string): Match | undefined {
  // Nearly all lines end here.
  if (line.length > LONGEST_LINE || !line.includes(': ')) return undefined;
  const [, before, file, at, column, blanks, said] = PLACE.exec(line) ?? [];
  if (file === undefined || said === undefined || said.trim() === '' || Number(at) === 0) return undefined;
  if (!/[./]/.test(file) || /^\d+(\.\d+)*$/.test(file)) return undefined;
  const [, word, bracketed, code, rest] = SEVERITY.exec(said) ?? [];
  const [ending, wordAtEnd, rule] = AT_THE_END.exec(said) ?? [];
  const message = (rest ?? (ending === undefined ? said : said.slice(0, -ending.length))).trim();
  if (message === '') return undefined;
  const named = bracketed ?? code ?? rule;
  return {
    owner: 'default',
    severity: severityFor((word ?? wordAtEnd)?.toLowerCase()),
    file,
    line: Number(at),
    ...(Number(column) > 0 && { column: Number(column) }),
    ...(named !== undefined && { code: named }),
    message,
    ...((before !== '' || blanks !== ' ') && { isDoubtful: true }),
  };
}

function severityFor(word: string | undefined): Match['severity'] {
  switch (word) {
    case 'fatal error':
    case 'error':
      return 'error';
    case undefined:
    case 'warning':
    case 'warn':
      return 'warning';
    default:
      return 'notice';
  }
}
