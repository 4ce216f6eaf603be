import { lists } from '../page/lists.mjs';
import { longLog } from '../page/long-log.mjs';
import { runPage } from '../page/run.mjs';
import { viewers } from '../page/viewers.mjs';

/** n. How soon the page answers: a run, lists over 1,000,000 deliveries, a log of 100 MB; what 200 people who look cost deliveries. */
export async function page(bench) {
  const found = [];
  for (const measure of [longLog, runPage, lists, viewers]) found.push(await measure(bench));
  return { targets: found.flatMap(({ targets }) => targets), rows: found.flatMap(({ rows }) => rows) };
}
