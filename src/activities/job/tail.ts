/** How much of the end of a job's output is kept, in bytes. */
const TAIL_BYTES = 4 * 1024;

/** The end of a text that grows. */
export interface Tail {
  add(line: string): void;
  /** Returns the last lines, 4 kB at most. */
  read(): string;
}

/** Returns what keeps the last lines that it is given, at a constant cost per line. */
export function createTail(): Tail {
  const lines: string[] = [];
  let bytes = 0;
  return {
    add(line) {
      lines.push(line);
      bytes += size(line);
      while (bytes > TAIL_BYTES && lines.length > 1) bytes -= size(lines.shift() ?? '');
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
