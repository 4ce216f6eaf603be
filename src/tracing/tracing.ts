import type { WorkflowClientInterceptor } from '@temporalio/client';
import type { InjectedSinks, WorkerInterceptors } from '@temporalio/worker';
import type { Sinks } from '@temporalio/workflow';

/**
 * Traces from a delivery to its activities, by OpenTelemetry. A trace's id is derived from the delivery's, so nothing
 * has to be stored for a run that starts an hour later, a repeat and a replay join the trace of the first, and either
 * id leads to the other.
 */
export interface Tracing {
  /** Records the span of a delivery that is about to be answered. Returns its trace id, 32 hexadecimal digits. */
  delivery(of: TracedDelivery): string;
  /** Calls `work`. Its spans become children of the delivery's, whether or not this process received it. */
  within<T>(deliveryId: string, work: () => Promise<T>): Promise<T>;
  /** Makes Temporal's client record a span for each start and signal, and pass it on to the worker. */
  readonly client: readonly WorkflowClientInterceptor[];
  /** For workers: spans of workflows and activities. */
  readonly worker: {
    readonly interceptors: WorkerInterceptors;
    readonly sinks: InjectedSinks<Sinks>;
    /** For the workflow bundle, as absolute paths. */
    readonly workflowModules: readonly string[];
  };
  /** Sends the remaining spans. Resolves after 5 s at the latest. */
  stop(): Promise<void>;
}

/** What a delivery's span records: names and ids, nothing from the payload. */
export interface TracedDelivery {
  /** As configured; undefined for one that is not. */
  readonly source: string | undefined;
  /** Undefined for one that was refused before it had an id. */
  readonly deliveryId: string | undefined;
  readonly outcome: string;
  /** Of the answer. */
  readonly status: number;
  /** Unix ms. */
  readonly receivedAt: number;
  /** The sender's `traceparent` header. The span only links to that trace: a stranger must not choose our trace ids. */
  readonly senders: string | undefined;
}
