import { untilQuiet } from './quiet.mjs';

/**
 * Measures each of some things once a round, `A B C`, then `B C A`, and so on: whatever slows the machine down meets all
 * of them. Answers a list of rounds, each with what every thing measured.
 */
export async function interleaved(things, { rounds, say }) {
  const names = Object.keys(things);
  const measured = [];
  for (let round = 0; round < rounds; round++) {
    const found = {};
    for (let n = 0; n < names.length; n++) {
      const name = names[(n + round) % names.length];
      say?.(`  round ${round + 1} of ${rounds}: ${name}`);
      await untilQuiet();
      found[name] = await things[name]();
    }
    measured.push(found);
  }
  return measured;
}
