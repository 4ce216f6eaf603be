import { type CaseSink, LONGEST, type RawCase } from '../raw-case.js';
import { closesQuote, opensQuote } from './diagnostic.js';
import { createGroups } from './groups.js';
import { described, readLine, type TapLine } from './line.js';

/** Reads the Test Anything Protocol as it comes, a line at a time, with whatever else is printed between. */
export interface TapParser {
  line(text: string): void;
  /** Says what is missing at the end. */
  end(): void;
}

/** What a failure is called that is no test's: a program has given up. */
export const BAILED_OUT = 'Bail out!';

/** Lines of one diagnostic block, or of comments on one test, that are looked at. */
const MAX_YAML = 100;
/** In characters: one line may be all of a block. */
const MAX_YAML_LINE = 2 * LONGEST.text;

type TestPoint = Extract<TapLine, { kind: 'point' }>;

/**
 * Returns a parser of TAP 12 to 14, and of what Node.js and node-tap write. What node-tap runs at once stands in braces: there the group's
 * line comes first, `ok 1 - a.js {`, and whether one begins is seen by the line that follows.
 *
 * `onFailed` is called at once, before what is said of the failure has come.
 *
 * Source: https://testanything.org/tap-version-14-specification.html
 */
export function createTapParser(sink: CaseSink, onFailed: (name: string) => void = () => undefined): TapParser {
  let isFull = false;
  const add = (found: RawCase) => {
    isFull ||= !sink.add(found);
  };
  const groups = createGroups({ add, onFailed });
  let yamlIndent: number | undefined;
  /** What a line of it has begun in quotes goes on, without indentation. */
  let isQuoted = false;
  /** The line before was the last point, so a diagnostic block may begin. */
  let mayDescribe = false;
  /** Nothing but indented lines has come since the last point. */
  let maySay = false;
  let seen = false;
  /** Points have numbers: what has none is not a point. */
  let isNumbered = false;

  const point = (indent: number, { ok, number, rest, begun, hasDash }: TestPoint) => {
    seen = true;
    const group = begun === undefined ? undefined : described(begun, hasDash);
    groups.point(indent, { ok, number, described: described(rest, hasDash), group, hasDash });
    [mayDescribe, maySay] = [true, true];
  };

  const bailOut = (why: string) => {
    seen = true;
    groups.end();
    groups.fail({ name: BAILED_OUT, outcome: 'failed', said: [{ message: why.slice(0, LONGEST.message), text: '' }] });
    isFull = true;
  };

  /** Whether a line that may be a test point is one, and no prose: as Go's "ok  example.org/x" or the "ok" of prove. */
  const isPoint = ({ number, hasDash, rest }: TestPoint): boolean => {
    isNumbered ||= number !== undefined;
    if (number !== undefined || hasDash) return true;
    return !isNumbered && (seen || rest === '' || rest.startsWith('#'));
  };

  const comment = (text: string) => {
    const last = groups.last();
    if (last && !last.ok && last.comments.length < MAX_YAML) last.comments.push(text.slice(0, LONGEST.message));
  };

  /** Takes a line that is indented, after a failure: what Mocha says of it. */
  const say = (text: string) => {
    if (text.trim() !== '') comment(text.slice((groups.last()?.indent ?? 0) + 2).trimEnd());
  };

  /** Takes a line of what is said of the last test point; returns whether it was one. */
  const describe = (text: string, { indent, rest, isNext }: { indent: number; rest: string; isNext: boolean }) => {
    const last = groups.last();
    const goesOn = () => isQuoted && readLine(rest)?.kind !== 'point';
    if (last && yamlIndent !== undefined && (indent >= yamlIndent || rest === '' || goesOn())) {
      isQuoted = isQuoted ? !closesQuote(rest) : opensQuote(rest);
      if (rest === '...' && indent === yamlIndent) yamlIndent = undefined;
      else if (last.yaml.length < MAX_YAML)
        last.yaml.push(text.slice(Math.min(indent, yamlIndent)).slice(0, MAX_YAML_LINE));
      return true;
    }
    const begins = rest === '---' && last !== undefined && isNext && indent > last.indent;
    yamlIndent = begins ? indent : undefined;
    isQuoted = false;
    return begins;
  };

  return {
    line(given) {
      if (isFull) return;
      // In a block it would stand behind a quote.
      const text = given.endsWith('\r') ? given.slice(0, -1) : given;
      const indent = text.length - text.trimStart().length;
      const rest = text.slice(indent).trimEnd();
      const isNext = mayDescribe;
      mayDescribe = false;
      if (describe(text, { indent, rest, isNext })) return;
      const line = readLine(rest);
      if (line?.kind === 'point' && !isPoint(line)) return;
      const last = groups.last();
      maySay &&= line === undefined && last !== undefined && (indent > last.indent || rest === '');
      if (maySay) return say(text);
      switch (line?.kind) {
        case 'point':
          groups.place(indent);
          return point(indent, line);
        case 'version':
          seen = true;
          groups.place(indent);
          return groups.version(indent);
        case 'subtest':
          groups.place(indent);
          return groups.begin(indent, line.name);
        case 'plan':
          seen = true;
          groups.place(indent);
          return groups.plan(indent, line.tests);
        case 'bail out':
          return bailOut(line.why);
        case 'brace':
          return groups.brace(indent, line.opens);
        case 'comment':
          // What Ava's tests print stands before their block.
          mayDescribe = isNext;
          return comment(line.text);
        default:
          return line satisfies undefined;
      }
    },
    end() {
      if (yamlIndent !== undefined) sink.note('it ends within what is said of a test ("---" without "...")');
      const unmet = groups.end();
      if (isFull) return;
      if (!seen) return sink.note('it holds no TAP: no line begins with "ok 1", "not ok 1" or a plan');
      for (const found of unmet) groups.fail(found);
    },
  };
}
