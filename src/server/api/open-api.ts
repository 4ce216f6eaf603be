import { z } from 'zod';
import { packageVersion } from '../../paths.js';
import { SCHEMAS } from './contract/schemas.js';
import type { Route } from './route.js';
import { ROUTES } from './routes.js';

type Json = Readonly<Record<string, unknown>>;

/** Names of the answers' schemas, as the document refers to them. */
const NAMES = z.registry<{ id: string }>();
for (const [name, schema] of Object.entries(SCHEMAS))
  NAMES.add(schema, { id: `${name.charAt(0).toUpperCase()}${name.slice(1)}` });

/** A schema says what is sent: what is not listed there may be added. */
const AS_SENT = {
  io: 'input',
  override: ({ jsonSchema }) => void delete jsonSchema.readOnly,
} as const satisfies Parameters<typeof z.toJSONSchema>[1];

const refTo = (id: string) => `#/components/schemas/${id}`;

/** What any route may be answered with, beside what it lists itself. */
const ERRORS = {
  400: 'Something is asked wrongly: the error says what.',
  401: 'The API token is not there, or is another.',
  503: 'The store or Temporal does not answer, or too much is asked at once: try again after Retry-After.',
} as const;

/** Returns the OpenAPI 3.1 document of the API (https://spec.openapis.org/oas/v3.1.1.html), made from the table of its routes. */
export function openApi({ publicUrl = '' }: { readonly publicUrl?: string | undefined }): Json {
  return {
    openapi: '3.1.1',
    info: {
      title: 'Hookyard',
      version: packageVersion(),
      description: 'What operators ask and change: what the page shows, and what the command line asks.',
    },
    servers: [{ url: `${publicUrl}/api` }],
    security: [{ apiToken: [] }],
    tags: Object.keys(ROUTES).map((name) => ({ name })),
    paths: pathsOf(Object.entries(ROUTES).flatMap(([tag, routes]) => routes.map((route) => ({ tag, route })))),
    components: {
      securitySchemes: {
        apiToken: { type: 'http', scheme: 'bearer', description: 'server.apiToken of the configuration' },
      },
      schemas: answerSchemas(),
    },
  };
}

function pathsOf(all: readonly { readonly tag: string; readonly route: Route }[]): Json {
  const paths: Record<string, Json> = {};
  for (const { tag, route } of all) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method]: { tags: [tag], ...operation(route) } };
  }
  return paths;
}

function operation(route: Route): Json {
  const { name, says, body, query, errors = {} } = route;
  const ofBodies = route.method === 'post' ? { 413: 'The body is too large.', 415: 'The body is not JSON.' } : {};
  const failures = Object.entries<string>({ ...ofBodies, ...ERRORS, ...errors });
  return {
    operationId: name,
    summary: says,
    parameters: [...pathParameters(route), ...queryParameters(query), ...headerParameters(route)],
    ...(body && { requestBody: { content: jsonOf(inline(body)), required: !body.safeParse({}).success } }),
    responses: {
      200: answerOf(route),
      ...Object.fromEntries(
        failures.map(([status, description]) => [
          status,
          { description, content: jsonOf({ $ref: refTo('ErrorAnswer') }) },
        ]),
      ),
    },
  };
}

function answerOf(route: Route): Json {
  if (route.kind === 'stream')
    return { description: route.holds, content: { [route.type]: { schema: { type: 'string' } } } };
  const id = NAMES.get(route.answer)?.id;
  if (id === undefined) throw new Error(`the answer of ${route.path} is not one of the contract's schemas`);
  return { description: route.answer.description ?? route.says, content: jsonOf({ $ref: refTo(id) }) };
}

function jsonOf(schema: Json): Json {
  return { 'application/json': { schema } };
}

function pathParameters({ id }: Route): Json[] {
  if (id === undefined) return [];
  return [{ name: 'id', in: 'path', required: true, description: id, schema: { type: 'string' } }];
}

function queryParameters(query: Route['query']): Json[] {
  if (!query) return [];
  const { properties = {}, required = [] } = inline(query) as {
    readonly properties?: Readonly<Record<string, Json>>;
    readonly required?: readonly string[];
  };
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    ...{ name, in: 'query', required: required.includes(name) },
    ...(description !== undefined && { description }),
    schema,
  }));
}

function headerParameters({ method, name }: Route): Json[] {
  const text = { in: 'header', required: false, schema: { type: 'string' } };
  const by = 'what whoever asks calls themselves, percent-encoded: it is recorded with the change';
  if (method === 'post') return [{ name: 'X-Hookyard-By', ...text, description: by }];
  if (name === 'followLog')
    return [{ name: 'Last-Event-ID', ...text, description: 'the number of the last line that was seen' }];
  return [];
}

/** Returns what a query or a body is, written out where it stands. */
function inline(schema: z.ZodType): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, AS_SENT);
  return rest;
}

function answerSchemas(): Json {
  const { schemas } = z.toJSONSchema(NAMES, { ...AS_SENT, uri: refTo });
  return Object.fromEntries(Object.entries(schemas).map(([id, { $schema: _, $id: __, ...schema }]) => [id, schema]));
}
