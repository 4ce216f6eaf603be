import { SaxesParser } from 'saxes';
import {
  attribute,
  caseOf,
  headOf,
  isWarning,
  localName,
  mayFail,
  newCase,
  type OpenCase,
  type Suite,
} from './junit-case.js';
import { isToldOnce } from './one-entry-per-test.js';
import { type CaseSink, LONGEST, type RawMessage } from './raw-case.js';

/** Reads JUnit XML as it comes. */
export interface JunitParser {
  /** Returns false where the rest need not be read. */
  write(text: string): boolean;
  /** Returns whether the element that holds all others has ended: what is half written is not known yet. */
  isWhole(): boolean;
  end(): void;
}

/** Elements within elements. The deepest suites that tools write are about ten deep. */
const MAX_DEPTH = 100;
/** Faults of one file after which the rest is not read. */
const MAX_FAULTS = 50;
/** In characters: of a text, before secrets are taken out of it and it is cut. */
const MOST_COLLECTED = 2 * LONGEST.text;
/** Of one test. */
const MAX_MESSAGES = 10;

/** What a test has printed, colours most of all, and XML can't hold: https://www.w3.org/TR/xml/#charsets */
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are meant.
const NOT_IN_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** The five that XML has. No file can declare more: a document type is not read. */
const ENTITIES = { amp: '&', gt: '>', lt: '<', quot: '"', apos: "'" };

/** What ends the reading of a file before its end. */
class Stop extends Error {}

/**
 * Returns a parser of JUnit XML, in the dialects of the tools that write it: there is no standard, so every element and
 * attribute may be missing, and none is believed in but `testcase` and what is in it. Totals are counted, not read. A file
 * that is no XML, or breaks off, gives what came before, and a note.
 *
 * `mask` takes secrets out of texts before they are cut: a part of one would not be known.
 *
 * Source of the names: https://github.com/testmoapp/junitxml,
 * https://maven.apache.org/surefire/maven-surefire-plugin/xsd/surefire-test-report.xsd
 */
export function createJunitParser(sink: CaseSink, mask: (text: string) => string = (text) => text): JunitParser {
  const parser = new SaxesParser({ xmlns: false, position: true } as const);
  parser.ENTITIES = Object.assign(Object.create(null), ENTITIES);
  const suites: Suite[] = [];
  const open: string[] = [];
  let current: OpenCase | undefined;
  /** What the text goes to, and the name of the element that began it. */
  let collecting: { readonly element: string; readonly into: RawMessage[]; message: string; text: string } | undefined;
  let suiteNumber = 0;
  let faults = 0;
  let hasOdd = false;
  let stopped = false;
  let found = false;
  let begun = false;

  const stop = (because: string) => {
    sink.note(because);
    throw new Stop(because);
  };

  parser.on('error', ({ message }) => {
    // The same, written as `&#27;`: it stays as it is written.
    if (message.includes('malformed character entity')) return;
    faults += 1;
    if (faults === 1) sink.note(`it is not well-formed XML: ${message}`);
    if (faults >= MAX_FAULTS) stop(`the rest is not read: it has ${MAX_FAULTS} faults or more`);
  });
  parser.on('opentag', (tag) => {
    const name = localName(tag.name);
    begun = true;
    if (open.length >= MAX_DEPTH) stop(`its elements are more than ${MAX_DEPTH} deep`);
    open.push(name);
    if (isSuite(name)) {
      const file = attribute(tag, 'file', 'filepath');
      suites.push({ number: suiteNumber, name: attribute(tag, 'name') ?? '', file, tellsOnce: isToldOnce(tag) });
      suiteNumber += 1;
      return;
    }
    if (name === 'testcase') {
      current = newCase(tag);
      return;
    }
    if (collecting) return;
    // A suite that failed before its first test, or after its last one.
    if (isFailure(name) && !current && suites.length > 0) current = newCase(tag);
    if (!current) return;
    if (isSkip(name)) {
      current.skipped = { message: attribute(tag, 'message') ?? '', text: '' };
      current.isTodo ||= mayFail(tag);
    }
    const failures = isWarning(tag) ? current.warnings : current.failures;
    const into = isFailure(name) ? failures : /^flaky(Failure|Error)$/.test(name) ? current.flaky : undefined;
    if (into) collecting = { element: name, into, message: headOf(tag), text: '' };
  });
  const onText = (text: string) => {
    const within = open.at(-1) ?? '';
    if (collecting && !/^system-(out|err)$/.test(within) && collecting.text.length < MOST_COLLECTED)
      collecting.text += text.slice(0, MOST_COLLECTED - collecting.text.length);
  };
  parser.on('text', onText);
  parser.on('cdata', onText);
  parser.on('closetag', (tag) => {
    const name = localName(tag.name);
    open.pop();
    if (collecting && collecting.element === name && !open.includes(name)) {
      const { into, message, text } = collecting;
      if (into.length < MAX_MESSAGES)
        into.push({
          message: mask(message).slice(0, LONGEST.message),
          text: mask(text).trim().slice(0, LONGEST.text),
        });
      collecting = undefined;
    }
    if (current?.tag === tag) finish();
    if (isSuite(name)) suites.pop();
  });

  function finish(): void {
    if (!current) return;
    const done = caseOf(current, suites, mask);
    current = undefined;
    found = true;
    if (!sink.add(done)) throw new Stop('no more cases are taken');
  }

  const plainOf = (text: string): string => {
    const plain = text.replace(NOT_IN_XML, '');
    if (plain !== text && !hasOdd) {
      hasOdd = true;
      sink.note('it is not well-formed XML: disallowed characters, which are left out');
    }
    return plain;
  };

  const guarded = (work: () => void): boolean => {
    if (stopped) return false;
    try {
      work();
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
      stopped = true;
    }
    return !stopped;
  };

  return {
    write: (text) => guarded(() => void parser.write(plainOf(text))),
    isWhole: () => begun && open.length === 0,
    end() {
      guarded(() => void parser.close());
      if (!found && faults === 0 && !stopped) sink.note('it holds no test');
    },
  };
}

function isSuite(name: string): boolean {
  return name === 'testsuite' || name === 'testsuites';
}

/** A rerun that failed too says the same once more; `failure` or `error` stands beside it. */
function isFailure(name: string): boolean {
  return name === 'failure' || name === 'error';
}

function isSkip(name: string): boolean {
  return name === 'skipped' || name === 'skip' || name === 'ignored';
}
