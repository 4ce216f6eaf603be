/** A change that survivors.md explains. */
export interface Survivor {
  readonly file: string;
  readonly reason: string;
  readonly change: string;
}

interface Place {
  readonly line: number;
  readonly column: number;
}

export function changeOf(
  source: string,
  mutant: { readonly location: { readonly start: Place; readonly end: Place }; readonly replacement: string },
): string;
export function onOneLine(code: string): string;
export function readSurvivors(path: string): Survivor[];
