import type { RunsAnswer } from '../../../server/api/contract.js';
import { type Remark, warn } from '../../../server/api/findings/finding.js';

/** Says why runs can't be found by how they ended, if so. `answer`: the server's to such a question; or why there is none. */
export function listingFindings(answer: RunsAnswer | string): Remark[] {
  return typeof answer === 'string' ? [warn(`runs can't be found by their outcome: ${answer}`)] : [];
}
