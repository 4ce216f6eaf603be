/** The middle one; the mean of the middle two. */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** The median of what `read` finds in each round. */
export function medianOf(rounds, read) {
  return median(rounds.map(read));
}
