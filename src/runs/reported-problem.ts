/**
 * Returns why a run can't go on, though Temporal tries it again and again: its code has changed, for example. The server
 * notes it in a search attribute: https://docs.temporal.io/search-attribute (TemporalReportedProblems). Undefined where it
 * has noted nothing.
 */
export function reportedProblem({
  searchAttributes,
}: {
  readonly searchAttributes: Readonly<Record<string, unknown>>;
}): string | undefined {
  const { TemporalReportedProblems: problems } = searchAttributes;
  if (!Array.isArray(problems) || problems.length === 0) return undefined;
  const cause = problems.map(String).find((problem) => problem.startsWith('cause='));
  return `the run is stuck (${cause?.slice('cause='.length) ?? 'see its page'}): does its code still fit its history?`;
}
