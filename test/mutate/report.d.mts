import type { Survivor } from './survivors.mjs';

interface Place {
  readonly line: number;
  readonly column: number;
}

/** What Stryker says of a mutant, as far as it is told. */
interface Mutant {
  readonly fileName: string;
  readonly status: 'Killed' | 'Survived' | 'NoCoverage' | 'Timeout' | 'Ignored';
  readonly location: { readonly start: Place; readonly end: Place };
  readonly replacement: string;
}

/** What became of an area's mutants. */
interface Row {
  readonly name: string;
  readonly isTried: true;
  readonly tried: number;
  readonly noticed: number;
  readonly endless: number;
  readonly explained: number;
  readonly open: number;
  readonly untried: number;
  /** In percent. */
  readonly score: number;
  readonly ms: number;
  readonly lines: readonly string[];
}

export function rowOf(
  name: string,
  outcome: { readonly mutants: readonly Mutant[]; readonly explained: readonly Survivor[]; readonly ms: number },
): Row;
export function table(rows: readonly (Row | { readonly name: string; readonly isTried: false })[]): string;
