import { LONGEST, type RawCase, type RawMessage } from '../raw-case.js';

/** Returns a block in lines of YAML. One of JSON is YAML too: Deno writes it so, in one line. */
export function asLines(block: readonly string[]): readonly string[] {
  const [first = '', ...more] = block;
  if (more.length > 0 || !first.startsWith('{')) return block;
  try {
    const { at, message } = JSON.parse(first) as { at?: { file?: unknown; line?: unknown } | null; message?: unknown };
    if (typeof message !== 'string') return block;
    const place = Object.entries({ file: at?.file, line: at?.line }).filter(([, value]) => value !== undefined);
    const lines = [...place.map(([key, value]) => `  ${key}: ${value}`), 'message: |-'];
    return ['at:', ...lines, ...message.split('\n').map((line) => `  ${line}`)];
  } catch {
    // It was cut, or is no JSON.
    return block;
  }
}

/** Returns what a block of YAML says of a test that failed. */
export function messageOf(yaml: readonly string[]): RawMessage {
  const message = textAt(yaml, ['error', 'message', 'reason']) ?? '';
  // Where the test begins is told apart from where it failed.
  const text = yaml.filter((line) => !/^\s{0,4}location:/.test(line)).join('\n');
  return { message: message.slice(0, LONGEST.message), text: text.slice(0, LONGEST.text) };
}

/** Returns what comments say of a test that failed, as Perl's Test::More and bats write them. */
export function messageOfComments(comments: readonly string[]): RawMessage {
  // How Test::More sums up the whole program stands after its last test.
  const text = comments
    .map((line) => line.trimEnd())
    .filter((line) => line !== '' && !line.startsWith('Looks like you '));
  return { message: '', text: text.join('\n').slice(0, LONGEST.text) };
}

/** Returns where a test of bats has failed, which also names the functions around that: `(in test file test/a.bats, line 3)`. */
export function placeInComments(comments: readonly string[]): Pick<RawCase, 'file' | 'line'> {
  const [, file, line] = /\bin test file ([^\n,]{1,250}), line (\d{1,9})\b/.exec(comments.join('\n')) ?? [];
  return file === undefined ? {} : { file, line: Number(line) };
}

/** Returns where a test is. `location` is Node's: `/work/test/sum.test.js:3:1`; `at` a block of node-tap's, with `file` and `line`. */
export function placeOf(yaml: readonly string[]): Pick<RawCase, 'file' | 'line'> {
  const [, file, line] = /^(.{1,1000}?):(\d{1,9})(?::\d{1,9})?$/.exec(textAt(yaml, ['location']) ?? '') ?? [];
  if (file !== undefined) return { file: file.replace(/^file:\/\//, ''), line: Number(line) };
  const own = (key: RegExp) => yaml.map((each) => key.exec(each.trimEnd())?.[1]).find((each) => each !== undefined);
  const [named, at] = [own(/^\s*(?:file|fileName):\s*['"]?(.+?)['"]?$/), own(/^\s*(?:line|lineNumber):\s*(\d{1,9})$/)];
  return { ...(named !== undefined && { file: named }), ...(at !== undefined && { line: Number(at) }) };
}

/** Returns how long a test took, in milliseconds. */
export function durationOf(yaml: readonly string[]): number | undefined {
  const ms = Number(textAt(yaml, ['duration_ms', 'duration']) ?? Number.NaN);
  return Number.isFinite(ms) && ms >= 0 ? Math.round(ms) : undefined;
}

/** Returns whether a line begins a text in quotes that goes on in the next one, as Vitest writes it. */
export function opensQuote(line: string): boolean {
  const [, value = ''] = KEY.exec(line) ?? [];
  return value.startsWith('"') && !closesQuote(value.slice(1));
}

/** Returns whether a text in quotes ends with a line. */
export function closesQuote(line: string): boolean {
  return /(?:^|[^\\])(?:\\\\)*"\s*$/.test(line);
}

const KEY = /^\s*[\w-]+: *(.*)$/s;

function textAt(yaml: readonly string[], keys: readonly string[]): string | undefined {
  for (const [index, line] of yaml.entries()) {
    const [, key = '', value = ''] = /^ {0,2}(\w+):\s*(.*)$/s.exec(line) ?? [];
    if (!keys.includes(key)) continue;
    const below = yaml.slice(index + 1);
    if (opensQuote(line)) {
      const last = below.findIndex(closesQuote);
      return withoutQuotes([value, ...below.slice(0, last < 0 ? undefined : last + 1)].join('\n').trimEnd());
    }
    const isBlock = /^[|>][-+\d]*$/.test(value);
    if (value !== '' && !isBlock) return withoutQuotes(value);
    const end = below.findIndex((each) => each !== '' && !/^\s{2,}/.test(each));
    const inner = below.slice(0, end < 0 ? undefined : end);
    if (isBlock)
      return inner
        .map((each) => each.trim())
        .join('\n')
        .trim();
    // What is said of an error may be below it.
    const indent = /^\s*/.exec(inner[0] ?? '')?.[0].length ?? 0;
    const told =
      indent > 0
        ? textAt(
            inner.map((each) => each.slice(indent)),
            ['message'],
          )
        : undefined;
    if (told !== undefined) return told;
  }
  return undefined;
}

function withoutQuotes(text: string): string {
  return text
    .replace(/^(['"])(.*)\1$/s, '$2')
    .replace(/^"/, '')
    .replaceAll('\\"', '"');
}
