import { expect, test } from 'vitest';
import { contentOf } from '../../../src/cli/format/backup-lines.js';
import { counted, countedRows } from '../../../src/cli/format/counted.js';

test.each([
  [0, 'run', undefined, '0 runs'],
  [1, 'run', undefined, '1 run'],
  [2, 'run', undefined, '2 runs'],
  [1, 'delivery', 'deliveries', '1 delivery'],
  [1_296, 'delivery', 'deliveries', '1,296 deliveries'],
])('%d of "%s" is told with its word', (number, one, many, told) => {
  expect(counted(number, one, many)).toBe(told);
});

test('rows are told in words, one and several', () => {
  const tables = [
    'deliveries',
    'bodies',
    'dispatches',
    'log_jobs',
    'log_lines',
    'records',
    'outbound_attempts',
    'lane_entries',
  ];
  expect(tables.map((table) => countedRows(1, table)).join(', ')).toBe(
    '1 delivery, 1 body, 1 start or signal, 1 log job, 1 line of logs, 1 record, 1 outbound attempt, 1 lane entry',
  );
  const counts = { deliveries: 1, dispatches: 2, records: 0, log_lines: 1, outbound_attempts: 3 };
  expect(contentOf({ counts })).toBe(
    '1 delivery, 2 starts and signals, 1 line of logs, 0 records, 3 outbound attempts',
  );
});
