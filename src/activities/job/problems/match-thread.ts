import { parentPort, workerData } from 'node:worker_threads';
import { createLineMatcher, type LineMatcher } from './apply-matcher.js';
import type { FromMatchThread, MatchThreadData, ToMatchThread } from './match-protocol.js';

/** Matches told of one piece: more of one step are not shown. */
const MOST = 200;

/** A thread that runs the regular expressions of authors and repositories, so that one which takes for ever can be ended with it. */
const progress = new Int32Array((workerData as MatchThreadData).progress);
let matchers: readonly LineMatcher[] = [];

parentPort?.on('message', (message: ToMatchThread) => {
  if (message.kind === 'matchers') {
    matchers = message.matchers.map(createLineMatcher);
    return;
  }
  // What was before, as its own start, is no time of a matcher.
  Atomics.add(progress, 1, 1);
  const found: FromMatchThread['found'][number][] = [];
  for (const [index, line] of message.lines.entries()) {
    let first: FromMatchThread['found'][number] | undefined;
    for (const [at, match] of matchers.entries()) {
      Atomics.store(progress, 0, at);
      const one = match(line);
      Atomics.add(progress, 1, 1);
      if (one && !first) first = { index, match: one };
    }
    if (first && found.length < MOST) found.push(first);
  }
  parentPort?.postMessage({ found } satisfies FromMatchThread);
});
