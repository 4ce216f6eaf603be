import { createHash } from 'node:crypto';
import { type IdGenerator, RandomIdGenerator } from '@opentelemetry/sdk-trace-base';

/** The ids of a trace and of its first span. */
export interface TraceIds {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
}

/** Returns ids that are derived from the delivery's, so that every process knows them at any time. */
export function idsOfDelivery(deliveryId: string): TraceIds {
  const digits = createHash('sha256').update(`trace\0${deliveryId}`).digest('hex');
  return { traceId: digits.slice(0, 32), spanId: digits.slice(32, 48) };
}

/** Generates random ids, except for a span that is begun inside `using`. */
export interface ChosenIds extends IdGenerator {
  /** Calls `begin`, whose spans get these ids until it returns. */
  using<T>(ids: TraceIds, begin: () => T): T;
}

/** Returns a generator of random ids. */
export function createChosenIds(): ChosenIds {
  const random = new RandomIdGenerator();
  let chosen: TraceIds | undefined;
  return {
    generateTraceId: () => chosen?.traceId ?? random.generateTraceId(),
    generateSpanId: () => chosen?.spanId ?? random.generateSpanId(),
    using(ids, begin) {
      chosen = ids;
      try {
        return begin();
      } finally {
        chosen = undefined;
      }
    },
  };
}
