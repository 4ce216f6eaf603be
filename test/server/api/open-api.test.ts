import { expect, test } from 'vitest';
import { createApi } from '../../../src/cli/client/create-api.js';
import { openApi } from '../../../src/server/api/open-api.js';
import { ROUTES } from '../../../src/server/api/routes.js';
import { startServer } from '../../support/harness/http-server.js';
import { startReceiver } from '../../support/harness/receiver.js';
import { API_TOKEN } from '../../support/harness/receiver-config.js';

const all = Object.values(ROUTES).flat();

interface Operation {
  readonly operationId: string;
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly required: boolean }[];
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content: object }>>;
}
interface Document {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}
const document = openApi({ publicUrl: 'https://hooks.example/hooks' }) as unknown as Document;
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.values(methods).map((operation) => ({ path, ...operation })),
);

/** Calls `look` with all objects within a value. */
function walk(value: unknown, look: (node: Readonly<Record<string, unknown>>) => void): void {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) look(value as Readonly<Record<string, unknown>>);
  for (const inner of Object.values(value)) walk(inner, look);
}

test('the server tells of its API to whoever has the token, and to nobody else', async () => {
  const receiver = await startReceiver({ config: { publicUrl: 'https://hooks.example/hooks' } });
  try {
    const get = (headers: Record<string, string>) => fetch(`${receiver.url}/api/openapi.json`, { headers });
    expect((await get({})).status).toBe(401);
    const told = await get({ authorization: `Bearer ${API_TOKEN}` });
    expect(told.headers.get('content-type')).toContain('application/json');
    expect(await told.json()).toEqual(JSON.parse(JSON.stringify(document)));
  } finally {
    await receiver.close();
  }
});

test('the document has what OpenAPI 3.1 asks of one', () => {
  expect(document).toMatchObject({ openapi: '3.1.1', info: { title: 'Hookyard', version: expect.any(String) } });
  expect(document.servers).toEqual([{ url: 'https://hooks.example/hooks/api' }]);
  expect(operations.map(({ operationId }) => operationId).sort()).toEqual(all.map(({ name }) => name).sort());
  for (const { path, parameters, responses } of operations) {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(parameters.filter((one) => one.in === 'path').map(({ name }) => name)).toEqual(inPath);
    expect(parameters.filter((one) => one.in === 'path').every(({ required }) => required)).toBe(true);
    expect(new Set(parameters.map((one) => `${one.in} ${one.name}`)).size).toBe(parameters.length);
    for (const [status, { description, content }] of Object.entries(responses)) {
      expect(status).toMatch(/^[1-5]\d\d$/);
      expect(description).not.toBe('');
      expect(Object.keys(content)).toHaveLength(1);
    }
    expect(Object.keys(responses)).toEqual(expect.arrayContaining(['200', '401', '503']));
  }
});

test('each route is described with what it refuses whatever it is for: what can not be read, and what is too large', async () => {
  const receiver = await startReceiver();
  try {
    const headers = { authorization: `Bearer ${API_TOKEN}`, 'content-type': 'application/json' };
    for (const { method, path, name, maxBody } of all) {
      const address = `${receiver.url}/api${path.replace(':id', 'x')}`;
      const send = (query: string, body?: string) =>
        fetch(`${address}${query}`, { method: method.toUpperCase(), headers, ...(body !== undefined && { body }) });
      expect((await send('?x=%00')).status).toBe(400);
      if (method === 'post') expect((await send('', '{')).status).toBe(400);
      if (method === 'post' && maxBody === undefined) {
        const large = await send('', JSON.stringify({ x: 'a'.repeat(300_000) }));
        expect(large.status).toBe(413);
        expect(await large.json()).toEqual({ error: 'the body is larger than 262144 bytes' });
      }
      const { responses = {} } = operations.find(({ operationId }) => operationId === name) ?? {};
      expect(Object.keys(responses)).toEqual(expect.arrayContaining(method === 'post' ? ['400', '413'] : ['400']));
    }
  } finally {
    await receiver.close();
  }
});

test('all that the document refers to is in it, and no schema has what JSON Schema would not know there', () => {
  const { schemas } = document.components;
  const used = new Set<string>();
  walk(document, (node) => {
    expect(
      Object.keys(node).filter(
        (name) => ['$schema', '$id', '$defs', 'readOnly', 'id'].includes(name) && typeof node[name] === 'string',
      ),
    ).toEqual([]);
    if (typeof node.$ref === 'string') used.add(node.$ref);
  });
  const known = Object.keys(schemas).map((name) => `#/components/schemas/${name}`);
  expect([...used].filter((ref) => !known.includes(ref))).toEqual([]);
  for (const name of Object.keys(schemas)) expect(name).toMatch(/^[A-Z][A-Za-z]+$/);
  // What nothing refers to would be told of for nothing.
  expect(known.filter((ref) => !used.has(ref))).toEqual([]);
});

test('what is answered may have more fields in a later version: no schema of an answer refuses them', () => {
  walk(document.components.schemas, ({ additionalProperties }) => expect(additionalProperties).not.toBe(false));
});

test('a list of runs is described with its fields, times and parameters', () => {
  const { ListedRun, RunsAnswer } = document.components.schemas;
  expect(ListedRun).toMatchObject({
    type: 'object',
    description: 'A run as it is listed.',
    properties: {
      run: { type: 'string', description: 'workflow id' },
      status: { $ref: '#/components/schemas/RunStatus' },
      startedAt: { type: 'string', format: 'date-time' },
    },
    required: ['run', 'runId', 'automation', 'status', 'startedAt'],
  });
  expect(RunsAnswer).toMatchObject({ properties: { runs: { items: { $ref: '#/components/schemas/ListedRun' } } } });
  expect(document.paths['/runs/list']?.get?.parameters).toContainEqual({
    ...{ name: 'limit', in: 'query', required: false },
    schema: expect.objectContaining({ type: 'integer', minimum: 1, maximum: 500, default: 50 }),
  });
});

test('each call of the command line is one of the table', async () => {
  const server = await startServer(() => ({ status: 200, body: {} }));
  try {
    const { url, project, ...calls } = createApi({ url: server.url, token: 'a', project: undefined });
    for (const call of Object.values(calls) as ((...given: unknown[]) => Promise<unknown>)[])
      await call('x', { command: 'approve', body: {}, name: 'x', bytes: 0 });
    const asked = server.received.map(({ method, path }) => `${method.toLowerCase()} ${path}`);
    expect(asked).toHaveLength(Object.keys(calls).length);
    const known = all.map(({ method, path }) => new RegExp(`^${method} /api${path.replace(':id', '[^/]+')}$`));
    expect(asked.filter((one) => !known.some((route) => route.test(one)))).toEqual([]);
  } finally {
    await server.close();
  }
});
