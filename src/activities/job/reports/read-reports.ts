import { realpath } from 'node:fs/promises';
import { named } from '../packing/quoted.js';
import { openBelow } from '../plain-file.js';
import type { Account } from './account.js';
import { findReports } from './find-reports.js';
import type { RawCase } from './raw-case.js';
import { MAX_FILE, readReport } from './read-report.js';
import type { RedReport } from './watch-reports.js';

/** Where the reports of a step are, and what counts them. */
export interface ReportsToRead {
  /** The checkout's folder. */
  readonly root: string;
  readonly patterns: readonly string[];
  /** When the step began by the clock of its files, Unix ms: what was written before is not its. */
  readonly since: number;
  readonly account: Account;
  readonly mask: (text: string) => string;
  /** What was found in a report while it was written. */
  readonly early?: RedReport | undefined;
  /** Called with each test and the path of its report. */
  readonly onCase: (found: RawCase, path: string) => void;
}

/** In bytes: of all reports of a step. */
const MAX_ALL = 128 * 1024 * 1024;

/**
 * Reads the reports that a step has written, JUnit XML or TAP by what they hold, into its account. What can't be read is a note
 * of the account, never an error.
 */
export async function readReports({
  root,
  patterns,
  since,
  account,
  mask,
  early,
  onCase,
}: ReportsToRead): Promise<void> {
  const top = await realpath(root);
  const { files, notes } = await findReports(top, patterns);
  for (const note of notes) account.note(note);
  let [bytes, older] = [0, 0];
  for (const path of files) {
    const file = await openBelow(top, path);
    if (!file) {
      account.note(`${named(mask(path))}: it is no file of the checkout, or can't be read`);
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
          `${named(mask(path))}: it is not read: reports may have ${MAX_FILE / 2 ** 20} MB each and ${MAX_ALL / 2 ** 20} MB together`,
        );
        continue;
      }
      account.begin(path, early?.path === path ? early.failed : undefined);
      const sink = {
        note: account.note,
        add(found: RawCase) {
          onCase(found, path);
          return account.add(found);
        },
      };
      await readReport(file, sink, { mask });
    } catch (error) {
      account.note(`${named(mask(path))}: ${(error as Error).message}`);
    } finally {
      await file.close();
    }
  }
  account.begin(undefined);
  if (files.length === 0) account.note(`no file matches ${patterns.join(', ')}`);
  else if (older === files.length)
    account.note(`${patterns.join(', ')}: all files are older than the step, and not counted`);
  else if (older > 0) account.note(`${older} files are older than the step, and not counted`);
}
