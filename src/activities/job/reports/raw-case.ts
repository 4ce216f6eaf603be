/** One test as its report tells it, whatever the format. */
export interface RawCase {
  readonly name: string;
  /** What its report says that it belongs to: a class, a file, or the suites around it. */
  readonly suite?: string | undefined;
  readonly outcome: 'passed' | 'failed' | 'skipped' | 'flaky';
  /**
   * Where the same name once more may be another try of it: in the same suite, of the same file. Undefined: nowhere, as points of TAP,
   * which are told by number, often share a name, and writers of reports may tell of each test once.
   */
  readonly triedIn?: string | undefined;
  readonly durationMs?: number | undefined;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  /** Its writer has told of a failure that is one by its settings alone: the step's end says whether it is. */
  readonly isDoubtful?: true | undefined;
  /** Why it failed, also where it passed later, or why it was skipped. */
  readonly said: readonly RawMessage[];
}

/** One thing that a report says of a test. */
export interface RawMessage {
  /** In a line or two. */
  readonly message: string;
  /** The rest: where it happened, the stack. */
  readonly text: string;
}

/** Takes the tests of a report, one by one. */
export interface CaseSink {
  /** Returns false where no more are taken. */
  add(found: RawCase): boolean;
  /** Says what of the report could not be read. */
  note(text: string): void;
}

/** In characters. What is longer is cut: a report may hold whatever a test has printed. */
export const LONGEST = { name: 300, message: 1_000, text: 4_000 } as const;

/** Returns what a test is known by from one run to the next. */
export function idOf({ suite, name }: Pick<RawCase, 'suite' | 'name'>): string {
  return JSON.stringify([suite ?? '', name]);
}
