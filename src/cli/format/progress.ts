import { harmless } from './paint.js';

/** One line on a terminal that is written over as work goes on. Elsewhere, nothing is printed. */
export interface Progress {
  show(text: string): void;
  /** Takes the line away. */
  end(): void;
}

/** More often, nobody sees. */
const EVERY_MS = 100;
const CLEAR = '\r\u001b[K';

/** Returns a line of progress on standard error, so that standard output can be piped. */
export function createProgress(stream: Pick<NodeJS.WriteStream, 'isTTY' | 'write'> = process.stderr): Progress {
  if (!stream.isTTY) return { show: () => undefined, end: () => undefined };
  let shownAt = Number.NEGATIVE_INFINITY;
  return {
    show(text) {
      if (performance.now() - shownAt < EVERY_MS) return;
      shownAt = performance.now();
      stream.write(`${CLEAR}${harmless(text)}`);
    },
    end() {
      if (shownAt > Number.NEGATIVE_INFINITY) stream.write(CLEAR);
    },
  };
}

/** Returns how far work has come, in megabytes and per cent. */
export function inMegabytes({ done, total }: { done: number; total: number }): string {
  const mb = (bytes: number) => (bytes / 1_000_000).toFixed(bytes < 10_000_000 ? 1 : 0);
  return `${mb(done)} of ${mb(total)} MB, ${Math.floor((done / Math.max(total, 1)) * 100)} %`;
}
