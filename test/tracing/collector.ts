import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A span, as OTLP's JSON has it: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding. */
export interface CollectedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
  readonly links: readonly { readonly traceId: string }[];
}

interface ExportRequest {
  readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly CollectedSpan[] }[] }[];
}

export interface Collector {
  readonly url: string;
  readonly spans: CollectedSpan[];
  /** Everything that came, as text. */
  readonly text: () => string;
  close(): Promise<void>;
}

/** A stand-in for an OTLP collector. What is not an export of traces, with the header that was asked for, is refused. */
export async function startCollector(apiKey: string): Promise<Collector> {
  const spans: CollectedSpan[] = [];
  const bodies: string[] = [];
  const server = createServer(async (req, res) => {
    let body = '';
    for await (const chunk of req) body += chunk;
    const isExport =
      req.method === 'POST' && req.url === '/v1/traces' && req.headers['content-type'] === 'application/json';
    if (!isExport) return void res.writeHead(404).end();
    if (req.headers['x-api-key'] !== apiKey) return void res.writeHead(401).end();
    bodies.push(body);
    const { resourceSpans } = JSON.parse(body) as ExportRequest;
    for (const { scopeSpans } of resourceSpans) for (const scope of scopeSpans) spans.push(...scope.spans);
    res.writeHead(200, { 'content-type': 'application/json' }).end('{"partialSuccess":{}}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    text: () => bodies.join('\n'),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
