import type { Catalog } from '../../catalog/load.js';
import type { SettledRunner } from '../../config/config.js';
import type { Answer } from '../../store/failure.js';
import type { SharedCall } from '../../store/shared-store.js';
import type { Death } from '../processes/blame/life.js';

/** What a worker process begins with, beside the configuration that it reads itself. */
export interface Beginning {
  /** Of the Temporal that `hookyard start` runs; undefined where the environment names one. */
  readonly temporal: string | undefined;
  /** Whether it starts the runs of deliveries too. */
  readonly dispatches: boolean;
  readonly uiUrl: string | undefined;
  /** Where the exporter of Temporal's SDK listens. */
  readonly metricsAddress: string | undefined;
  /** How the last ones died that worked before it, by their process ids. */
  readonly deaths: ReadonlyMap<number, Death>;
  /** The automations, where they have just been read: reading them takes a process of its own. */
  readonly catalog?: Catalog | undefined;
  /** Whether the process that started it has the store, so that it must not open one. */
  readonly sharesStore: boolean;
}

/** A message to the worker process. Those with an `id` are answered. */
export type ToWorker =
  /** The configuration may be read now; what it begins with follows. */
  | { readonly kind: 'prepare' }
  | ({ readonly kind: 'begin' } & Beginning)
  | { readonly kind: 'wake' }
  | { readonly kind: RequestKind; readonly id: number }
  | { readonly kind: 'stored'; readonly answer: Answer }
  | { readonly kind: 'stop' };

/** What a worker process is asked: whether it answers, to load the automations anew, for its part of the metrics page. */
export type RequestKind = 'ping' | 'reload' | 'metrics';

/** What a worker process tells once it runs. */
export interface Running {
  /** The address of the Temporal that it works for. */
  readonly temporal: string;
  /** Names of the automations that it has loaded, without Hookyard's own. */
  readonly automations: readonly string[];
  /** Whether it does one thing after the other, since one before it died. */
  readonly isCareful: boolean;
  /** Where own code runs by `jobs.runner: 'auto'`; undefined where that is not asked for. */
  readonly settled: SettledRunner | undefined;
}

/** Why a worker process could not be started. */
export interface Refusal {
  readonly message: string;
  /** Whether a person can correct what the message says. */
  readonly expected: boolean;
  /** Whether it may be over by itself, as a disk that is full. */
  readonly mayPass: boolean;
}

/** A message from the worker process. */
export type FromWorker =
  | ({ readonly kind: 'runs' } & Running)
  /** It works at many things at once again. */
  | { readonly kind: 'relaxed' }
  | ({ readonly kind: 'refused' } & Refusal)
  | { readonly kind: 'answer'; readonly id: number; readonly text: string }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string }
  | { readonly kind: 'store'; readonly call: SharedCall };
