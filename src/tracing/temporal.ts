import { createRequire } from 'node:module';
import type { Tracer } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { SpanProcessor } from '@opentelemetry/sdk-trace-base';
import {
  makeWorkflowExporter,
  OpenTelemetryActivityInboundInterceptor,
  OpenTelemetryActivityOutboundInterceptor,
  OpenTelemetryWorkflowClientInterceptor,
} from '@temporalio/interceptors-opentelemetry';
import type { WorkflowInfo } from '@temporalio/workflow';
import type { Tracing } from './tracing.js';

/** What Temporal's client is given: what begins or tells something. What only asks would bury the traces that count. */
export function clientInterceptors(tracer: Tracer): Tracing['client'] {
  const all = new OpenTelemetryWorkflowClientInterceptor({ tracer });
  return [
    {
      start: (input, next) => all.start(input, next),
      startWithDetails: (input, next) => all.startWithDetails(input, next),
      signal: (input, next) => all.signal(input, next),
      signalWithStart: (input, next) => all.signalWithStart(input, next),
    },
  ];
}

/** What a worker is given. Workflows hand their spans out through a sink, which leaves out those of a replay. */
export function workerTracing({
  tracer,
  resource,
  spans,
}: {
  tracer: Tracer;
  resource: Resource;
  spans: SpanProcessor;
}): Tracing['worker'] {
  const exporter = makeWorkflowExporter(spans, resource).export;
  return {
    interceptors: {
      activity: [
        (activity) => ({
          inbound: new OpenTelemetryActivityInboundInterceptor(activity, { tracer }),
          outbound: new OpenTelemetryActivityOutboundInterceptor(activity),
        }),
      ],
    },
    sinks: { exporter: { export: { ...exporter, fn: (info, ended) => exporter.fn(told(info), ended) } } },
    workflowModules: [
      createRequire(import.meta.url).resolve('@temporalio/interceptors-opentelemetry/lib/workflow-interceptors'),
    ],
  };
}

/** The SDK puts all it is given into every span; search attributes hold names of branches and repositories. */
function told({ workflowId, runId, workflowType, taskQueue, namespace, attempt }: WorkflowInfo): WorkflowInfo {
  return { workflowId, runId, workflowType, taskQueue, namespace, attempt } as WorkflowInfo;
}
