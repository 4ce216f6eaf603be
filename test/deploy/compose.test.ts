import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { environmentSchema } from '../../src/config/environment.js';
import { packageRoot } from '../../src/paths.js';
import { searchAttributes } from '../../src/runs/search-attributes.js';

interface Service {
  readonly image?: string;
  readonly restart?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly healthcheck?: object;
  readonly depends_on?: Readonly<Record<string, { condition: string }>>;
  readonly ports?: readonly string[];
  readonly build?: string;
  readonly volumes?: readonly string[];
  readonly command?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly stop_grace_period?: string;
  readonly expose?: readonly string[];
}

const read = (name: string) => readFileSync(join(packageRoot, name), 'utf8');
const { services } = parse(read('docker-compose.yml'), { merge: true }) as { services: Record<string, Service> };
const all = Object.entries(services);

test('every image is pinned to a version', () => {
  for (const [name, { image }] of all) expect(image, name).toMatch(/:\d+\.\d+/);
  for (const from of read('Dockerfile').matchAll(/^FROM (\S+)/gm)) expect(from[1]).toMatch(/:\d+\.\d+\.\d+/);
});

test('no secret has a default: each is asked for by name, with what to do', () => {
  const secret = /PASSWORD|PWD|SECRET|TOKEN|KEY/;
  const optional = ['GITHUB_TOKEN', 'HOOKYARD_ID_TOKEN_KEY'];
  for (const [name, { environment = {} }] of all) {
    for (const [variable, value] of Object.entries(environment)) {
      if (secret.test(variable) && !optional.includes(variable))
        expect(value, `${name}.${variable}`).toMatch(/^\$\{[A-Z_]+:\?set it in \.env, see \.env\.example\}$/);
    }
  }
  for (const [, variable] of read('.env.example').matchAll(/^([A-Z_]*(?:PASSWORD|SECRET|TOKEN|KEY))=(.*)$/gm))
    expect(variable).toBeTruthy();
  expect(read('.env.example')).not.toMatch(/^[A-Z_]*(PASSWORD|SECRET|TOKEN|KEY)=.+$/m);
});

test('whatever runs on has a health check', () => {
  for (const [name, { restart, healthcheck, build }] of all) {
    if (restart !== 'unless-stopped') continue;
    if (build && name === 'server') expect(read('Dockerfile')).toContain('HEALTHCHECK');
    else expect(healthcheck, name).toMatchObject({ test: expect.any(Array) });
  }
});

test('services wait for services that are there', () => {
  for (const [name, { depends_on = {} }] of all) {
    for (const [other, { condition }] of Object.entries(depends_on)) {
      expect(services, `${name} waits for ${other}`).toHaveProperty(other);
      if (condition === 'service_healthy') expect(services[other]?.healthcheck, other).toBeDefined();
    }
  }
});

test('nothing but the receiver is meant for others, and nothing at all listens beyond this host', () => {
  for (const [name, { ports = [] }] of all) for (const port of ports) expect(port, name).toMatch(/^127\.0\.0\.1:/);
});

test("Temporal's settings are where the server is told to look for them: without the file it does not start", () => {
  const { environment = {}, volumes = [] } = services.temporal ?? {};
  const [from = '', to] = (volumes[0] ?? '').split(':');
  expect(to).toBe(environment.DYNAMIC_CONFIG_FILE_PATH);
  const settings = Object.entries(parse(read(from)) as object).map(([name, [{ value }]]) => `${name}=${value}`);
  expect(settings).toEqual([
    'matching.numTaskqueueReadPartitions=1',
    'matching.numTaskqueueWritePartitions=1',
    'matching.useNewMatcher=true',
    'matching.enableFairness=true',
    'matching.enableMigration=true',
    'frontend.namespaceRPS.visibility=100',
  ]);
});

test('the namespace is made with the search attributes that runs carry', () => {
  const script = services['create-namespace']?.command?.[0] ?? '';
  const made = [...script.matchAll(/--name (\w+) --type (\w+)/g)].map(([, name, type]) => ({ name, type }));
  expect(made).toEqual(searchAttributes);
});

test('no container can gain privileges, and the worker has the time that its stop may take', () => {
  for (const [name, { security_opt }] of all) expect(security_opt, name).toContain('no-new-privileges:true');
  expect(Number.parseInt(services.worker?.stop_grace_period ?? '', 10)).toBeGreaterThan(45);
});

test('the variables given to Hookyard are ones that it reads', () => {
  const known = [
    ...Object.keys(environmentSchema.shape),
    'HOOKYARD_API_TOKEN',
    'HOOKYARD_CALLBACK_KEY',
    'HOOKYARD_ID_TOKEN_KEY',
  ];
  for (const name of ['server', 'worker']) {
    const mine = Object.keys(services[name]?.environment ?? {}).filter((variable) => variable.startsWith('HOOKYARD_'));
    expect(mine.length).toBeGreaterThan(3);
    for (const variable of mine) expect(known).toContain(variable);
  }
});

test('.env.example names every variable that is asked for, and no other', () => {
  const asked = [...read('docker-compose.yml').matchAll(/(?<!\$)\$\{([A-Z_]+)/g)].map(([, variable]) => variable);
  const named = [...read('.env.example').matchAll(/^([A-Z_]+)=/gm)].map(([, variable]) => variable);
  expect(new Set(named)).toEqual(new Set(asked));
});

test('git keeps out the copies that are filled in with secrets', () => {
  const ignored = read('.gitignore').split('\n');
  expect(ignored).toEqual(expect.arrayContaining(['.env', '/deploy/kubernetes/secret.yaml']));
});

test('the schema is brought up to date before anything runs on it', () => {
  const { command, restart, depends_on, environment } = services.migrate ?? {};
  expect([command, restart]).toEqual([['migrate'], 'no']);
  expect(depends_on).toEqual({ database: { condition: 'service_healthy' } });
  for (const name of ['server', 'worker']) {
    expect(services[name]?.depends_on?.migrate?.condition, name).toBe('service_completed_successfully');
    expect(services[name]?.environment?.DATABASE_URL, name).toBe(environment?.DATABASE_URL);
  }
  const { username, hostname, port, pathname } = new URL(
    (environment?.DATABASE_URL ?? '').replace(/\$\{DATABASE_PASSWORD:[^}]*\}/, 'password'),
  );
  expect([username, hostname, port, pathname]).toEqual(['hookyard', 'database', '5432', '/hookyard']);
  expect(services.database?.environment?.POSTGRES_USER).toBe('hookyard');
});

test('metrics are there for this network, and for no other', () => {
  for (const name of ['server', 'worker']) {
    const { environment = {}, expose, ports = [] } = services[name] ?? {};
    expect(expose, name).toEqual([environment.HOOKYARD_METRICS_PORT]);
    expect(ports.join(), name).not.toContain('9464');
  }
});

test('each database keeps its data in a volume of its own', () => {
  const used = all.flatMap(([, { image, volumes = [] }]) => (image?.startsWith('postgres:') ? volumes : []));
  expect(used).toHaveLength(2);
  expect(new Set(used).size).toBe(2);
});

test('the image holds what the build and the product need', () => {
  const copied = [...read('Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, list = '']) =>
    list.split(' '),
  );
  const allowed = read('.dockerignore')
    .split('\n')
    .filter((line) => line.startsWith('!'))
    .map((line) => line.slice(1));
  for (const path of copied) expect(allowed).toContain(path);
});
