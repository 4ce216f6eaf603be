import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';
import { maskKnown } from '../secrets/mask.js';
import { maskData, maskText } from '../secrets/mask-values.js';

/** Returns an exporter that hides secrets in all that a span says: an error that is recorded in it, for example. */
export function maskedExporter(exporter: SpanExporter): SpanExporter {
  return {
    export: (spans, done) => exporter.export(spans.map(masked), done),
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  };
}

function masked(span: ReadableSpan): ReadableSpan {
  const { name, status, attributes, events, links } = span;
  const shown = maskData({ name, status, attributes, events, links }, (text) => maskText(text, maskKnown));
  const fields = Object.entries(shown).map(([key, value]) => [key, { value, enumerable: true }] as const);
  return Object.create(span, Object.fromEntries(fields)) as ReadableSpan;
}
