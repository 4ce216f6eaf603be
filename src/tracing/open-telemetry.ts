import {
  context,
  type Link,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { parseTraceParent, W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { envDetectorSync, Resource } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { withDeadline } from '../async/deadline.js';
import type { Logger } from '../log.js';
import { createChosenIds, idsOfDelivery } from './delivery-ids.js';
import { logDiagnostics } from './diagnostics.js';
import { maskedExporter } from './masked-exporter.js';
import { clientInterceptors, workerTracing } from './temporal.js';
import type { TracedDelivery, Tracing } from './tracing.js';

const STOP_MS = 5_000;

/** Starts OpenTelemetry's SDK with its exporter. Context and propagator are global, so a process has one at a time. */
export function createTracing(log: Logger): Tracing {
  logDiagnostics(log);
  const ids = createChosenIds();
  const resource = new Resource({ 'service.name': 'hookyard' }).merge(envDetectorSync.detect());
  // At most 2,048 spans wait; more are dropped.
  const spans = new BatchSpanProcessor(maskedExporter(new OTLPTraceExporter()));
  const provider = new BasicTracerProvider({ resource, idGenerator: ids, spanProcessors: [spans] });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  const tracer = provider.getTracer('hookyard');

  /**
   * Begins the delivery's own span. If it is never ended it is never sent, and is a parent all the same:
   * OpenTelemetry's samplers go by the trace id, and so decide the same in every process.
   */
  const begin = (deliveryId: string, options: Parameters<typeof tracer.startSpan>[1] = {}) =>
    ids.using(idsOfDelivery(deliveryId), () => tracer.startSpan('delivery', { ...options, root: true }, ROOT_CONTEXT));
  const under = (parent: Span) => trace.setSpan(ROOT_CONTEXT, parent);

  return {
    delivery(of) {
      const { deliveryId } = of;
      const options = { kind: SpanKind.SERVER, startTime: new Date(of.receivedAt), links: linksOf(of) };
      const span =
        deliveryId === undefined
          ? tracer.startSpan('delivery', { ...options, root: true }, ROOT_CONTEXT)
          : isFirst(of)
            ? begin(deliveryId, options)
            : tracer.startSpan('delivery', options, under(begin(deliveryId)));
      span.setAttributes(attributesOf(of));
      if (of.status >= 500) span.setStatus({ code: SpanStatusCode.ERROR, message: of.outcome });
      span.end();
      return span.spanContext().traceId;
    },
    within: (deliveryId, work) => (deliveryId === '' ? work() : context.with(under(begin(deliveryId)), work)),
    client: clientInterceptors(tracer),
    worker: workerTracing({ tracer, resource, spans }),
    async stop() {
      const deadline = { ms: STOP_MS, error: () => new Error(`not sent within ${STOP_MS / 1_000} s`) };
      await withDeadline(deadline, () => provider.shutdown()).catch((error: Error) =>
        log.warn({ because: error.message }, 'the last traces may not have been sent'),
      );
      context.disable();
      propagation.disable();
    },
  };
}

/**
 * Returns whether the delivery begins its trace: it was stored just now. A repeat, or one that could not be stored,
 * joins it.
 */
function isFirst({ outcome }: TracedDelivery): boolean {
  return outcome === 'stored' || outcome === 'ignored';
}

function linksOf({ senders }: TracedDelivery): Link[] {
  const parsed = senders === undefined ? null : parseTraceParent(senders);
  return parsed ? [{ context: parsed }] : [];
}

function attributesOf({ source, deliveryId, outcome, status }: TracedDelivery) {
  return {
    'hookyard.source': source ?? 'unknown',
    'hookyard.outcome': outcome,
    ...(deliveryId !== undefined && { 'hookyard.delivery': deliveryId }),
    'http.response.status_code': status,
  };
}
