import type { StuckRunsAnswer } from '../../../server/api/contract.js';
import { problem, type Remark, warn } from '../../../server/api/findings/finding.js';

/** Says whether runs don't go on by themselves. `answer`: the server's; or why there is none. */
export function stuckFindings(answer: StuckRunsAnswer | string): Remark[] {
  if (typeof answer === 'string') return [warn(`whether runs are stuck is not known: ${answer}`)];
  const { runs, complete } = answer;
  const [first] = runs;
  if (!first) return complete ? [] : [warn('whether runs are stuck is not known of all of them yet', ASK_AGAIN)];
  const count = `${complete ? '' : 'at least '}${runs.length} ${runs.length === 1 ? 'run does' : 'runs do'}`;
  return [
    problem(
      `${count} not go on without somebody, such as ${first.run}: ${first.because}`,
      'npx hookyard runs --stuck lists them; a run that was set aside stays there until it is replayed',
    ),
  ];
}

const ASK_AGAIN =
  'there are many, and the receiver goes through them: ask again later; npx hookyard runs --stuck says so too';
