/** Of the end of a job's output, in bytes. */
const TAIL_BYTES = 4 * 1024;

export interface Tail {
  add(line: string): void;
  /** The last lines, 4 kB at most. */
  read(): string;
}

/** Keeps the end of what it is given, at the same price for each line however many there are. */
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
      // Not from the middle of a character on.
      const first = end.findIndex((byte) => (byte & 0xc0) !== 0x80);
      return end.subarray(Math.max(0, first)).toString();
    },
  };
}

function size(line: string): number {
  return Buffer.byteLength(line) + 1;
}
