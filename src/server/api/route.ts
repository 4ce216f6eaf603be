import type { ServerResponse } from 'node:http';
import type { z } from 'zod';
import type { Answers } from './answers.js';
import type { ActBy } from './contract.js';

/** A request of the API, as a route is given it. */
export interface RouteAsked extends ActBy {
  /** The part of the path that names what is meant, decoded; `''` where the path has none. */
  readonly id: string;
  readonly query: unknown;
  readonly body: unknown;
  /** What a browser that connects again has seen. */
  readonly lastEventId: string | undefined;
}

/** What is told of a route. */
export interface RouteFacts {
  /** What it is called in the document: its `operationId`. */
  readonly name: string;
  /** What it is for, in one sentence. */
  readonly says: string;
  /** What the part `:id` of the path is, where it has one. */
  readonly id?: string;
  readonly query?: z.ZodObject;
  /** Of what may be sent as JSON. */
  readonly body?: z.ZodType;
  /** How much that may be, as Express takes it: by default 256 kB. */
  readonly maxBody?: string;
  /** When it is answered with which status, beside those of all routes. */
  readonly errors?: { readonly [status: number]: string };
}

/** A route of the API. Whoever has the API token may ask it. */
export type Route = RouteFacts & {
  readonly method: 'get' | 'post';
  /** Below `/api`, as Express takes it. */
  readonly path: string;
} & (
    | {
        readonly kind: 'json';
        readonly answer: z.ZodType;
        /** Undefined: there is nothing of this name. Throws {@link HttpError}. */
        readonly give: (answers: Answers, asked: RouteAsked) => Promise<unknown>;
      }
    | {
        readonly kind: 'stream';
        /** Its content type, and what it holds. */
        readonly type: string;
        readonly holds: string;
        /** Answers by itself. Throws {@link HttpError}. */
        readonly send: (answers: Answers, asked: RouteAsked, res: ServerResponse) => Promise<void>;
      }
  );

/** A route that answers with JSON, which the compiler holds to its schema. */
export type JsonRoute<A extends z.ZodType> = RouteFacts & {
  readonly answer: A;
  readonly give: (answers: Answers, asked: RouteAsked) => Promise<z.output<A> | undefined>;
};

/** Returns a route that is read. */
export function get<A extends z.ZodType>(path: string, route: JsonRoute<A>): Route {
  return { kind: 'json', method: 'get', path, ...route };
}

/** Returns a route that changes something, which is recorded with who asks for it. */
export function post<A extends z.ZodType>(path: string, route: JsonRoute<A>): Route {
  return { kind: 'json', method: 'post', path, ...route };
}

/** Returns a route that is read, and that answers with something else than JSON. */
export function stream(
  path: string,
  route: RouteFacts & Pick<Extract<Route, { kind: 'stream' }>, 'type' | 'holds' | 'send'>,
): Route {
  return { kind: 'stream', method: 'get', path, ...route };
}
