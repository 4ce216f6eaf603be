import { once } from 'node:events';
import { findCli } from '../../../src/temporal/find-cli.js';
import { apiAnswers } from './api-answers.js';
import type { Attack } from './attack.js';
import { floodedSource } from './flooded-source.js';
import { halfSent, wrongTokens } from './half-sent.js';
import { refusedRequests } from './refused.js';
import { openScene } from './scene.js';
import { worstBodies } from './worst-bodies.js';

/** The other's start: with the flood of 4,000 in front of it, it took two minutes. */
const MOST_START_MS = 10_000;

const flooded: Attack = {
  what: '4,000 deliveries of one source to `hookyard start`, and then one of another',
  before: 'the other was started after 114 s',
  async run(options) {
    const { startedAfterMs, inFront } = await floodedSource(options);
    const seconds = (startedAfterMs / 1_000).toFixed(1);
    return {
      figure: `the other was started after ${seconds} s, with ${inFront} starts in front of it`,
      withstood: startedAfterMs <= MOST_START_MS,
    };
  },
};

/** All attacks, in the order in which they are made. */
export const attacks: Readonly<Record<string, Attack>> = {
  'half-sent': halfSent,
  'wrong-tokens': wrongTokens,
  'worst-bodies': worstBodies,
  refused: refusedRequests,
  'api-answers': apiAnswers,
  'flooded-source': flooded,
};

/**
 * Makes the attacks on a `hookyard server` of its own, one after the other, and says what each came to. Returns whether all
 * were withstood. Throws when it is ended early.
 */
export async function makeAttacks({
  only,
  say,
  signal,
}: {
  /** Names of attacks; all where it is empty. */
  only: readonly string[];
  say: (line: string) => void;
  signal?: AbortSignal;
}): Promise<boolean> {
  const cli = await findCli({ env: process.env, onProgress: say });
  const scene = await openScene({ cli, say });
  const ended = signal && once(signal, 'abort').then(() => signal.throwIfAborted());
  const wanted = Object.entries(attacks).filter(([name]) => only.length === 0 || only.includes(name));
  let withstood = 0;
  try {
    for (const [name, attack] of wanted) {
      signal?.throwIfAborted();
      say(`· ${name}: ${attack.what}`);
      const outcome = await Promise.race([attack.run(scene), ...(ended ? [ended] : [])]);
      if (!outcome) break;
      if (outcome.withstood) withstood += 1;
      say(`${outcome.withstood ? 'ok    ' : 'failed'} ${name}: ${outcome.figure} (before: ${attack.before})`);
    }
  } finally {
    await scene.close();
  }
  const all = wanted.length;
  say(`${withstood === all ? 'ok    ' : 'failed'} ${withstood} of ${all} attacks were withstood`);
  return withstood === all;
}
