import { constants } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setImmediate as breath } from 'node:timers/promises';
import type { Account } from './account.js';
import { findReports } from './find-reports.js';
import { createJunitParser } from './junit.js';
import type { CaseSink, RawCase } from './raw-case.js';
import { createTapParser } from './tap.js';

/** Where the reports of a step are, and what counts them. */
export interface ReportsToRead {
  /** The checkout's folder. */
  readonly root: string;
  readonly patterns: readonly string[];
  /** When the step began by the clock of its files, Unix ms: what was written before is not its. */
  readonly since: number;
  readonly account: Account;
  readonly mask: (text: string) => string;
  /** Called with each test and the folder of its report. */
  readonly onCase: (found: RawCase, folder: string) => void;
}

/** In bytes: of one report, and of all of a step. */
const MAX_FILE = 32 * 1024 * 1024;
const MAX_ALL = 128 * 1024 * 1024;
const PIECE = 64 * 1024;

/**
 * Reads the reports that a step has written, JUnit XML or TAP by what they hold, into its account. What can't be read is a note
 * of the account, never an error.
 */
export async function readReports({ root, patterns, since, account, mask, onCase }: ReportsToRead): Promise<void> {
  const top = await realpath(root);
  const { files, notes } = await findReports(top, patterns);
  for (const note of notes) account.note(note);
  let [bytes, older] = [0, 0];
  for (const path of files) {
    const file = await openInside(top, path);
    if (!file) {
      account.note(`${path}: it is no file of the checkout, or can't be read`);
      continue;
    }
    try {
      const { size, ctimeMs } = await file.stat();
      if (ctimeMs < since) {
        older += 1;
        continue;
      }
      bytes += size;
      if (size > MAX_FILE || bytes > MAX_ALL) {
        account.note(
          `${path}: it is not read: reports may have ${MAX_FILE / 2 ** 20} MB each and ${MAX_ALL / 2 ** 20} MB together`,
        );
        continue;
      }
      account.begin(path);
      const folder = dirname(path) === '.' ? '' : dirname(path);
      const sink: CaseSink = {
        note: account.note,
        add(found) {
          const shown = maskedCase(found, mask);
          onCase(shown, folder);
          return account.add(shown);
        },
      };
      await readReport(file, sink, mask);
    } catch (error) {
      account.note(`${path}: ${(error as Error).message}`);
    } finally {
      await file.close();
    }
  }
  if (files.length === 0) account.note(`no file matches ${patterns.join(', ')}`);
  else if (older === files.length)
    account.note(`${patterns.join(', ')}: all files are older than the step, and not counted`);
  else if (older > 0) account.note(`${older} files are older than the step, and not counted`);
}

/** Opens a file that lies in the checkout, and is no link, pipe or device; undefined where there is none. */
async function openInside(top: string, path: string): Promise<FileHandle | undefined> {
  const place = join(top, path);
  if ((await realpath(place).catch(() => undefined)) !== place) return undefined;
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(place, flags).catch(() => undefined);
  if (!file || (await file.stat()).isFile()) return file;
  await file.close();
  return undefined;
}

async function readReport(file: FileHandle, sink: CaseSink, mask: (text: string) => string): Promise<void> {
  const buffer = Buffer.alloc(PIECE);
  const first = await file.read(buffer, 0, PIECE, 0);
  const head = buffer.subarray(0, first.bytesRead);
  if (head.length === 0) return sink.note('it is empty');
  const decoder = decoderFor(head, sink);
  if (!decoder) return;
  const text = decoder.decode(head, { stream: true });
  const isXml = text.trimStart().startsWith('<');
  const parser = isXml ? createJunitParser(sink, mask) : linesOf(createTapParser(sink), mask);
  let isOn = parser.write(text);
  for (let at = head.length; isOn && at < MAX_FILE; ) {
    const { bytesRead } = await file.read(buffer, 0, PIECE, at);
    if (bytesRead === 0) break;
    at += bytesRead;
    isOn = parser.write(decoder.decode(buffer.subarray(0, bytesRead), { stream: true }));
    // The worker has runs and heartbeats to see to.
    await breath();
  }
  parser.end();
}

/** In characters: of a line of TAP. */
const MAX_LINE = 8_192;

/** Returns what hands whole lines to a parser of lines, secrets masked. */
function linesOf(
  parser: { line(text: string): void; end(): void },
  mask: (text: string) => string,
): { write(text: string): boolean; end(): void } {
  let rest = '';
  return {
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
