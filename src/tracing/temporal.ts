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

/** Returns interceptors for starts and signals. Spans of mere queries would bury the traces that matter. */
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

/** Returns what traces a worker. Workflows export their spans through a sink, which skips those of a replay. */
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
    sinks: {
      exporter: { export: { ...exporter, fn: (info, ended) => exporter.fn(withoutSearchAttributes(info), ended) } },
    },
    workflowModules: [
      createRequire(import.meta.url).resolve('@temporalio/interceptors-opentelemetry/lib/workflow-interceptors'),
    ],
  };
}

/** Leaves out search attributes, which name branches and repositories: the SDK puts all of this into every span. */
function withoutSearchAttributes({
  workflowId,
  runId,
  workflowType,
  taskQueue,
  namespace,
  attempt,
}: WorkflowInfo): WorkflowInfo {
  return { workflowId, runId, workflowType, taskQueue, namespace, attempt } as WorkflowInfo;
}
