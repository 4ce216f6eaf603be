import { expect, it } from 'vitest';
import { createLog } from '../../src/log.js';

const CANARY = 'canary-77aa';

function lines(write: (log: ReturnType<typeof createLog>) => void): string {
  const written: string[] = [];
  write(createLog({ level: 'info', pretty: false }, { write: (line) => void written.push(line) }));
  return written.join('');
}

it('what lets a request in is not logged, wherever a library has left it', () => {
  const request = { headers: { authorization: CANARY }, url: 'https://api.example.com' };
  const text = lines((log) => {
    log.warn({ req: request, call: { authorization: CANARY, attempt: 1 } }, 'a call');
    log.error({ err: Object.assign(new Error('refused'), { request, status: 401 }) }, 'a call failed');
  });
  expect(text).not.toContain(CANARY);
  expect(text).toContain('https://api.example.com');
  expect(text).toContain('"attempt":1');
  expect(text).toContain('"status":401');
  expect(text).toContain('refused');
});

it('an ordinary line is written as it is', () => {
  const line = { source: 'github', runs: ['ci/1'], ms: 1.5 };
  expect(JSON.parse(lines((log) => log.info(line, 'delivery')))).toMatchObject({ ...line, msg: 'delivery' });
});
