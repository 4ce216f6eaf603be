/** How much of the end of a job's output is kept, in bytes. */
const TAIL_BYTES = 4 * 1024;

/** The end of a text that grows. */
export interface Tail {
  add(line: string): void;
  /** Adds lines of which most may be too far from the end to be kept. */
  addAll(lines: readonly string[]): void;
  /** Returns the last lines, 4 kB at most. */
  read(): string;
}

/** Returns what keeps the last lines that it is given, at a constant cost per line. */
export function createTail(): Tail {
  const lines: string[] = [];
  let bytes = 0;
  const add = (line: string) => {
    lines.push(line);
    bytes += size(line);
    while (bytes > TAIL_BYTES && lines.length > 1) bytes -= size(lines.shift() ?? '');
  };
  return {
    add,
    addAll(added) {
      let [from, characters] = [added.length, 0];
      while (from > 0 && characters <= TAIL_BYTES) {
        from -= 1;
        characters += (added[from]?.length ?? 0) + 1;
      }
      for (const line of added.slice(from)) add(line);
    },
    read() {
      const end = Buffer.from(lines.join('\n')).subarray(-TAIL_BYTES);
      // Do not begin within a character.
      const first = end.findIndex((byte) => (byte & 0xc0) !== 0x80);
      return end.subarray(Math.max(0, first)).toString();
    },
  };
}

function size(line: string): number {
  return Buffer.byteLength(line) + 1;
}
