import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cutToBytes } from '../../events/truncate.js';
import { type MaskFile, openMaskFile } from './masks/mask-file.js';
import { MAX_OUTPUT_BYTES, type ParsedOutput, parseOutput } from './parse-output.js';
import { openBelow } from './plain-file.js';
import type { Workspace } from './workspace.js';

/** The files in which a step leaves what is to be known of it. */
export interface StepFiles {
  /** The variables that tell the step where they are. */
  readonly env: Readonly<Record<string, string>>;
  /** Opens the file of values that are to be hidden. */
  openMasks(): MaskFile;
  /** Returns what it wrote, secrets in the summary masked, and removes the files. */
  read(mask: (text: string) => string): Promise<{ readonly output: ParsedOutput; readonly summary: string }>;
}

const VARIABLES = ['HOOKYARD_OUTPUT', 'HOOKYARD_SUMMARY', 'HOOKYARD_MASK'] as const;

/** Returns the variables for a step without such files: who writes there is told by the name of what can't be opened, whoever it is. */
export function withoutStepFiles(): Readonly<Record<string, string>> {
  return Object.fromEntries(VARIABLES.map((name) => [name, `/dev/null/no-${name}-for-steps-in-the-background`]));
}

/** In bytes; the rest of a summary is cut. */
const MAX_SUMMARY_BYTES = 32 * 1024;
/** In bytes: no secret is longer. */
const LONGEST_SECRET = 32 * 1024;

/** Makes empty files for one attempt of a step. */
export async function openStepFiles({ folder }: Pick<Workspace, 'folder'>): Promise<StepFiles> {
  const place = join(folder, 'step');
  // A step before may have put a link there.
  await rm(place, { recursive: true, force: true });
  await mkdir(place, { mode: 0o700 });
  const [output, summary, masks] = [join(place, 'output'), join(place, 'summary'), join(place, 'mask')];
  for (const path of [output, summary]) await writeFile(path, '');
  await writeFile(masks, '', { mode: 0o600 });
  return {
    env: { HOOKYARD_OUTPUT: output, HOOKYARD_SUMMARY: summary, HOOKYARD_MASK: masks },
    openMasks: () => openMaskFile(masks),
    async read(mask) {
      const [told, written] = await Promise.all([
        beginningOf(folder, 'step/output', MAX_OUTPUT_BYTES + 1),
        beginningOf(folder, 'step/summary', MAX_SUMMARY_BYTES + LONGEST_SECRET),
      ]);
      await rm(place, { recursive: true, force: true }).catch(() => undefined);
      const text = told.toString();
      // Three bytes stand for one that is no text: a variable of so many starts no later step.
      const isTooLong = Math.max(told.length, Buffer.byteLength(text)) > MAX_OUTPUT_BYTES;
      return {
        output: isTooLong
          ? { kind: 'refused', because: `it has more than ${MAX_OUTPUT_BYTES / 1024} kB${oddIn(told, text)}` }
          : parseOutput(text),
        summary: shownOf(written, mask),
      };
    },
  };
}

/** Returns in words that not all of what was read is text. */
function oddIn(told: Buffer, text: string): string {
  return told.length > MAX_OUTPUT_BYTES || Buffer.byteLength(text) === told.length
    ? ''
    : ' with what stands for bytes that are no UTF-8';
}

/** Masks before it cuts, so that no cut goes through a secret: also not the one by which a long summary was read. */
function shownOf(written: Buffer, mask: (text: string) => string): string {
  const masked = mask(written.toString());
  const isWhole = written.length < MAX_SUMMARY_BYTES + LONGEST_SECRET;
  const bytes = Buffer.byteLength(masked) - (isWhole ? 0 : LONGEST_SECRET);
  return cutToBytes(masked, Math.min(bytes, MAX_SUMMARY_BYTES));
}

/** Returns the first bytes of a file of a workspace that a step may have replaced by anything: none of what is no file, or not there. */
async function beginningOf(folder: string, path: string, bytes: number): Promise<Buffer> {
  const file = await openBelow(folder, path).catch(() => undefined);
  try {
    const read = await file?.read(Buffer.alloc(bytes), 0, bytes, 0);
    return read?.buffer.subarray(0, read.bytesRead) ?? Buffer.alloc(0);
  } catch {
    return Buffer.alloc(0);
  } finally {
    await file?.close();
  }
}
