import { expect, test } from 'vitest';
import { limitFindings } from '../../src/server/api/findings/limit-findings.js';

test('doctor names the source whose deliveries were refused for its limit, and says what to do', () => {
  const last = Date.parse('2026-01-02T03:04:05Z');
  const [finding, ...others] = limitFindings('github', { limited: { count: 12, last } });
  expect(others).toEqual([]);
  expect(finding).toMatchObject({
    level: 'problem',
    says: '12 of its deliveries were answered 429, the last at 2026-01-02T03:04:05.000Z: it sends more than its limit',
    advice: expect.stringContaining('sources.github.limit'),
  });
  expect(limitFindings('github', {})).toEqual([]);
});
