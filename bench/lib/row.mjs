import { medianOf } from './figures.mjs';

/** A line of the table: medians over a thing's rounds. */
export function rowOf(what, connections, rounds) {
  const figure = (key) =>
    rounds.every((round) => round[key] !== undefined) ? { [key]: medianOf(rounds, (r) => r[key]) } : {};
  return { what, connections, ...figure('rate'), ...figure('p50'), ...figure('p99'), ...figure('cpuMs') };
}
