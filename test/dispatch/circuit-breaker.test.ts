import { expect, it } from 'vitest';
import { createCircuitBreaker } from '../../src/dispatch/circuit-breaker.js';

function breaker() {
  const reported: string[] = [];
  const created = createCircuitBreaker({
    unavailable: (error, { answers }) => reported.push(`${answers ? 'accepts nothing' : 'unavailable'}: ${error}`),
    available: (ms) => reported.push(`available after ${ms}`),
  });
  return { ...created, reported };
}

it('the circuit breaker lets all begin while Temporal answers', () => {
  const { permits, acquire, waitMs, reported } = breaker();
  acquire(0).answered(1);
  expect(permits(16, 1)).toBe(16);
  expect(waitMs(1)).toBe(0);
  expect(reported).toEqual([]);
});

it('the circuit breaker lets one at a time begin while Temporal does not answer, and reports it once', () => {
  const { permits, acquire, waitMs, reported } = breaker();
  const [one, two, three] = [acquire(0), acquire(0), acquire(0)];
  one.failed(1_000, 'gone');
  two.failed(1_001, 'gone');
  expect(reported).toEqual([]);
  three.failed(1_002, 'gone');
  expect(reported).toEqual(['unavailable: gone']);
  expect(permits(16, 1_000)).toBe(0);
  const next = 1_000 + waitMs(1_000);
  expect(next).toBeGreaterThan(1_000);
  expect(permits(16, next)).toBe(1);
  const probe = acquire(0);
  expect(permits(16, next + 60_000)).toBe(0);
  probe.failed(next, 'gone');
  expect(permits(16, next)).toBe(0);
  expect(permits(16, next + waitMs(next))).toBe(1);
  acquire(0).answered(9_000);
  expect(reported).toEqual(['unavailable: gone', 'available after 8000']);
  expect(permits(16, 9_000)).toBe(16);
});

it('the circuit breaker probes at least every 5 seconds', () => {
  const { acquire, waitMs } = breaker();
  acquire(0).failed(0, 'gone');
  for (let i = 0; i < 100; i += 1) acquire(0).failed(0, 'gone');
  expect(waitMs(0)).toBeGreaterThan(2_000);
  expect(waitMs(0)).toBeLessThanOrEqual(5_000);
});

it('the circuit breaker is not opened by a slow call when others were answered meanwhile', () => {
  const { acquire, reported } = breaker();
  const slow = acquire(0);
  acquire(0).answered(1);
  slow.failed(5_000, 'deadline');
  expect(reported).toEqual([]);
});

it('the circuit breaker lets all begin while Temporal answers something else, and reports after a while that it accepts nothing', () => {
  const { permits, acquire, reported } = breaker();
  acquire(0).rejected(10, 'shard');
  acquire(10).rejected(20, 'shard');
  acquire(20).rejected(30, 'shard');
  expect(permits(16, 30)).toBe(16);
  expect(reported).toEqual([]);
  acquire(3_000).rejected(3_100, 'shard');
  expect(reported).toEqual(['accepts nothing: shard']);
  acquire(4_000).answered(4_010);
  expect(reported).toEqual(['accepts nothing: shard', 'available after 4000']);
});

it('the circuit breaker lets a few begin each second when Temporal has accepted nothing for long, and all when it accepts one again', () => {
  const { permits, acquire, waitMs } = breaker();
  acquire(0).rejected(0, 'denied');
  expect(permits(32, 9_000)).toBe(32);
  const begin = (now: number) => {
    const count = permits(32, now);
    for (let i = 0; i < count; i += 1) acquire(now).rejected(now, 'denied');
    return count;
  };
  expect([20_000, 20_300, 20_999, 21_000, 21_001].map(begin)).toEqual([16, 0, 0, 16, 0]);
  expect(waitMs(21_400)).toBe(600);
  acquire(21_500).answered(21_510);
  expect(permits(32, 21_510)).toBe(32);
  expect(waitMs(21_510)).toBe(0);
});

it('the circuit breaker closes when Temporal answers again, though it did not accept what was tried', () => {
  const { permits, acquire, waitMs } = breaker();
  acquire(0).failed(0, 'gone');
  expect(permits(16, 0)).toBe(0);
  const at = waitMs(0);
  acquire(at).rejected(at + 1, 'shard');
  expect(permits(16, at + 1)).toBe(16);
  expect(waitMs(at + 1)).toBe(0);
  acquire(at + 1).failed(at + 2, 'gone');
  expect(permits(16, at + 2)).toBe(0);
});

it('the circuit breaker lets another one probe when a probe found out nothing', () => {
  const { permits, acquire } = breaker();
  acquire(0).failed(0, 'gone');
  acquire(0).unknown();
  expect(permits(16, 60_000)).toBe(1);
});

it('the circuit breaker reports nothing of one failure, though it lets fewer begin for a moment', () => {
  const { permits, acquire, reported } = breaker();
  acquire(0).failed(10, 'a hiccup');
  expect(permits(16, 10)).toBe(0);
  acquire(400).answered(410);
  expect(permits(16, 410)).toBe(16);
  expect(reported).toEqual([]);
});

it('the circuit breaker reports at once that nobody was answered for long', () => {
  const { acquire, reported } = breaker();
  acquire(0).failed(5_000, 'deadline');
  expect(reported).toEqual(['unavailable: deadline']);
});

it('the circuit breaker does not report the same outage again and again when an answer comes now and then', () => {
  const { acquire, reported } = breaker();
  const fail = (now: number) => {
    for (let i = 0; i < 3; i += 1) acquire(now).failed(now, 'gone');
  };
  fail(0);
  for (let now = 1_000; now < 5_000; now += 1_000) {
    acquire(now).answered(now);
    fail(now + 100);
  }
  expect(reported).toEqual(['unavailable: gone', 'available after 1000']);
  // It stays away.
  fail(10_000);
  acquire(11_000).answered(11_000);
  expect(reported).toEqual(['unavailable: gone', 'available after 1000', 'unavailable: gone', 'available after 6900']);
});
