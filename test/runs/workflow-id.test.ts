import { expect, test } from 'vitest';
import { workflowIdFor } from '../../src/runs/workflow-id.js';

test('a workflow id names automation, source and delivery', () => {
  expect(workflowIdFor({ automation: 'ci', source: 'github', key: '7-1' })).toBe('ci/github/7-1');
});

test('a workflow id of more than 255 bytes is cut to its beginning, and differs from others of the same beginning', () => {
  const ids = ['x', 'y'].map((end) =>
    workflowIdFor({ automation: 'ä'.repeat(120), source: 'github', key: `${'k'.repeat(190)}${end}` }),
  );
  for (const id of ids) {
    expect(Buffer.byteLength(id)).toBeLessThanOrEqual(255);
    expect(id).toMatch(/^ä+.*~[0-9a-f]{32}$/);
    expect(id).not.toContain('\ufffd');
  }
  expect(new Set(ids).size).toBe(2);
});
