import type { WorkflowClientInterceptor } from '@temporalio/client';
import type { InjectedSinks, WorkerInterceptors } from '@temporalio/worker';
import type { Sinks } from '@temporalio/workflow';

/**
 * Traces from a delivery to its activities, in OpenTelemetry's sense. A trace's id follows from the delivery's: nothing
 * has to be kept for a run that starts an hour later, a repeat and a replay join the trace of the first, and whoever has
 * the one id finds the other.
 */
export interface Tracing {
  /** Records the span of a delivery that is about to be answered. Answers its trace's id, 32 hexadecimal digits. */
  delivery(of: TracedDelivery): string;
  /** Spans that begin in `work` are children of the delivery's, whether or not this process received it. */
  within<T>(deliveryId: string, work: () => Promise<T>): Promise<T>;
  /** For Temporal's client: a span for each start and signal, carried to the worker. */
  readonly client: readonly WorkflowClientInterceptor[];
  /** For workers: spans of workflows and activities. */
  readonly worker: {
    readonly interceptors: WorkerInterceptors;
    readonly sinks: InjectedSinks<Sinks>;
    /** For the workflow bundle, as absolute paths. */
    readonly workflowModules: readonly string[];
  };
  /** Sends what is left. Resolves after 5 s at the latest. */
  stop(): Promise<void>;
}

/** What a delivery's span says: names and ids, nothing of what the payload says. */
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
  /** The sender's own trace as `traceparent` has it. It is linked to and no more: a stranger must not choose our traces. */
  readonly senders: string | undefined;
}
