import { expect, test } from 'vitest';
import { plainWithin } from '../../src/runs/page.js';

test("Markdown of a run's page is cut without cutting an escape or a character", () => {
  for (let bytes = 0; bytes < 40; bytes += 1) {
    const cut = plainWithin('😀[[<ä&*'.repeat(4), bytes);
    expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(bytes);
    expect(cut).not.toMatch(/(^|[^\\])(\\\\)*\\$|&\w*$|\ufffd/);
  }
});
