import { SpanStatusCode } from '@opentelemetry/api';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { expect, test } from 'vitest';
import { rememberIssued } from '../../src/secrets/known-secrets.js';
import { maskedExporter } from '../../src/tracing/masked-exporter.js';

const CANARY = 'canary-of-a-span-0123456789';

test('what is exported of a span holds no secret, and all else that it held', () => {
  rememberIssued('token', CANARY);
  const memory = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(maskedExporter(memory))] });
  const span = provider.getTracer('test').startSpan(`call ${CANARY}`, { attributes: { list: [CANARY, 'x'], n: 7 } });
  span.recordException(new Error(`no to ${CANARY}`));
  span.setStatus({ code: SpanStatusCode.ERROR, message: `no to ${Buffer.from(`:${CANARY}`).toString('base64')}` });
  span.end();
  const [exported] = memory.getFinishedSpans();
  expect(exported).toMatchObject({ name: 'call ***', attributes: { list: ['***', 'x'], n: 7 }, ended: true });
  expect(exported?.events[0]?.attributes).toMatchObject({ 'exception.message': 'no to ***' });
  expect(exported?.status.message).toMatch(/^no to .{0,4}\*\*\*/);
  expect(exported?.spanContext().spanId).toBe(span.spanContext().spanId);
  expect(exported?.duration[0]).toBeTypeOf('number');
  const { name, attributes, events, status } = exported ?? {};
  expect(JSON.stringify({ name, attributes, events, status })).not.toContain(CANARY);
});
