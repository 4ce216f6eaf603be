import type { FileHandle } from 'node:fs/promises';
import { setImmediate as breath } from 'node:timers/promises';
import { createJunitParser, type JunitParser } from './junit.js';
import type { CaseSink, RawCase } from './raw-case.js';
import { readLine } from './tap/line.js';
import { createTapParser, type TapParser } from './tap/parser.js';

/** In bytes: of one report. */
export const MAX_FILE = 32 * 1024 * 1024;
const PIECE = 64 * 1024;

/**
 * Reads a report, JUnit XML or TAP by what it holds, secrets masked. `isGrowing`: it may still be written, so that nothing is said of
 * an end that has not come. Returns whether what was read holds: an XML file that is half written does not.
 */
export async function readReport(
  file: FileHandle,
  sink: CaseSink,
  { mask, isGrowing = false }: { mask: (text: string) => string; isGrowing?: boolean },
): Promise<boolean> {
  const buffer = Buffer.alloc(PIECE);
  const first = await file.read(buffer, 0, PIECE, 0);
  const head = buffer.subarray(0, first.bytesRead);
  if (head.length === 0) {
    if (!isGrowing) sink.note('it is empty');
    return false;
  }
  const decoder = decoderFor(head, sink);
  if (!decoder) return false;
  const masked: CaseSink = { note: sink.note, add: (found) => sink.add(maskedCase(found, mask)) };
  const text = decoder.decode(head, { stream: true });
  const xmlAt = beginOfXml(text);
  const parser = xmlAt === undefined ? linesOf(createTapParser(masked), mask) : createJunitParser(masked, mask);
  let isOn = parser.write(text.slice(xmlAt));
  for (let at = head.length; isOn && at < MAX_FILE; ) {
    const { bytesRead } = await file.read(buffer, 0, PIECE, at);
    if (bytesRead === 0) break;
    at += bytesRead;
    isOn = parser.write(decoder.decode(buffer.subarray(0, bytesRead), { stream: true }));
    // The worker has runs and heartbeats to see to.
    await breath();
  }
  const isWhole = parser.isWhole();
  if (!isGrowing) parser.end();
  return isWhole;
}

/** The first element of a report, with what XML has before it: tests print XML of other kinds. */
const XML = /^[ \t]*(?:<[?!][^>]{0,500}>\s*){0,5}<(?:\w{1,20}:)?testsuites?[\s/>]/m;
/** What a line of TAP begins with, and no other. */
const OF_TAP: readonly (string | undefined)[] = ['point', 'plan', 'version', 'subtest'];

/**
 * Returns where XML begins; undefined for what is none. Package managers print a few lines before what a script writes:
 * `npm test > report.xml`.
 */
function beginOfXml(text: string): number | undefined {
  if (text.trimStart().startsWith('<')) return 0;
  const at = XML.exec(text)?.index;
  const lines = text.slice(0, at).split('\n');
  return lines.some((line) => OF_TAP.includes(readLine(line.trim())?.kind)) ? undefined : at;
}

/** In characters: of a line of TAP. */
const MAX_LINE = 8_192;

/** Returns what hands whole lines to a parser of lines, secrets masked. */
function linesOf(parser: TapParser, mask: (text: string) => string): JunitParser {
  let rest = '';
  return {
    // What a line says holds, whatever follows.
    isWhole: () => true,
    write(text) {
      const lines = (rest + text).split('\n');
      rest = (lines.pop() ?? '').slice(0, MAX_LINE);
      for (const line of lines) parser.line(mask(line).slice(0, MAX_LINE));
      return true;
    },
    end() {
      if (rest !== '') parser.line(mask(rest));
      parser.end();
    },
  };
}

/** Returns a decoder by the byte order mark, else by what the XML declaration says, else of UTF-8; undefined for an unknown encoding. */
function decoderFor(head: Buffer, sink: CaseSink) {
  const [a, b] = head;
  if (a === 0xff && b === 0xfe) return new TextDecoder('utf-16le');
  if (a === 0xfe && b === 0xff) return new TextDecoder('utf-16be');
  const declared = /^\s*<\?xml[^>]{0,200}?\bencoding\s*=\s*["']([\w.:-]{1,40})["']/.exec(head.toString('latin1'))?.[1];
  // What can be read as ASCII is not UTF-16, whatever it says.
  const label = declared === undefined || /^(utf-16|ucs-?2)/i.test(declared) ? 'utf-8' : declared;
  try {
    return new TextDecoder(label);
  } catch {
    sink.note(`its encoding ${label} is not known`);
    return undefined;
  }
}

function maskedCase(found: RawCase, mask: (text: string) => string): RawCase {
  return {
    ...found,
    name: mask(found.name),
    ...(found.suite !== undefined && { suite: mask(found.suite) }),
    said: found.said.map(({ message, text }) => ({ message: mask(message), text: mask(text) })),
  };
}
