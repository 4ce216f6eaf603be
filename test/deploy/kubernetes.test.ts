import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { environmentSchema } from '../../src/config/environment.js';
import { loadConfig } from '../../src/config/load.js';
import { configSchema } from '../../src/config/schema.js';
import { packageRoot } from '../../src/paths.js';
import { tokenKey } from '../../src/secrets/token-key.js';
import { startReceiver } from '../support/harness/receiver.js';
import { tempFolder } from '../support/temp-folder.js';

type Names = Readonly<Record<string, string>>;

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}

interface Container {
  readonly name: string;
  readonly image: string;
  readonly args: readonly string[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly env?: readonly {
    readonly name: string;
    readonly valueFrom?: { secretKeyRef: { name: string; key: string } };
  }[];
  readonly envFrom?: readonly { readonly configMapRef?: { name: string }; readonly secretRef?: { name: string } }[];
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly lifecycle?: { readonly preStop: { readonly exec: { readonly command: readonly string[] } } };
  readonly securityContext: object;
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
}

interface Pod {
  readonly metadata: { readonly labels: Names };
  readonly spec: {
    readonly terminationGracePeriodSeconds?: number;
    readonly automountServiceAccountToken: boolean;
    readonly securityContext: object;
    readonly containers: readonly Container[];
    readonly volumes: readonly { readonly name: string; readonly configMap?: { readonly name: string } }[];
  };
}

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly data?: Names;
  readonly stringData?: Names;
  readonly spec?: {
    readonly replicas?: number;
    readonly template?: Pod;
    readonly selector?: Names & { readonly matchLabels?: Names };
    readonly ports?: readonly { readonly port: number; readonly targetPort: string }[];
    readonly scaleTargetRef?: { readonly kind: string; readonly name: string };
    readonly minAvailable?: number;
  };
}

const folder = join(packageRoot, 'deploy/kubernetes');
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml') && name !== 'secret.yaml');
const manifests = files.flatMap((name) =>
  parseAllDocuments(readFileSync(join(folder, name), 'utf8')).map((document) => {
    expect(document.errors, name).toEqual([]);
    return document.toJS() as Manifest;
  }),
);

function find(kind: string, name: string): Manifest {
  const found = manifests.find((manifest) => manifest.kind === kind && manifest.metadata.name === name);
  if (!found) throw new Error(`there is no ${kind} named ${name}`);
  return found;
}

const environment = find('ConfigMap', 'hookyard-environment').data ?? {};
const configFile = find('ConfigMap', 'hookyard-config').data?.['hookyard.config.ts'] ?? '';
const secret = find('Secret', 'hookyard').stringData ?? {};
const pods = manifests.flatMap(({ kind, metadata, spec }) =>
  spec?.template ? [{ name: metadata.name, kind, pod: spec.template }] : [],
);
const containers = pods.flatMap(({ name, pod }) => pod.spec.containers.map((container) => ({ name, container })));
const server = find('Deployment', 'hookyard-server');
const worker = find('Deployment', 'hookyard-worker');
const only = (manifest: Manifest) => manifest.spec?.template?.spec.containers[0] as Container;

test('everything is in one namespace, under a name of its own', () => {
  for (const { kind, metadata } of manifests)
    expect(kind === 'Namespace' ? metadata.name : metadata.namespace, `${kind} ${metadata.name}`).toBe('hookyard');
  const names = manifests.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
  expect(new Set(names).size).toBe(names.length);
  expect(pods.map(({ name }) => name).sort()).toEqual(['hookyard-migrate', 'hookyard-server', 'hookyard-worker']);
});

test('each runs a command of ours, from one pinned image, without any privilege', () => {
  expect(containers.map(({ container }) => container.args)).toEqual(
    expect.arrayContaining([['migrate'], ['server'], ['worker']]),
  );
  expect(new Set(containers.map(({ container }) => container.image)).size).toBe(1);
  const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string };
  for (const { name, container } of containers) {
    expect(container.image, name).toMatch(new RegExp(`:${version.replaceAll('.', '\\.')}$`));
    expect(container.securityContext, name).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
  }
  for (const { name, pod } of pods) {
    expect(pod.spec.automountServiceAccountToken, name).toBe(false);
    expect(pod.spec.securityContext, name).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
  }
});

test('what a pod refers to is there: config maps, secrets, volumes, ports', () => {
  for (const { name, pod } of pods) {
    const volumes = pod.spec.volumes.map((volume) => volume.name);
    for (const { configMap } of pod.spec.volumes) if (configMap) find('ConfigMap', configMap.name);
    for (const { envFrom = [], env = [], volumeMounts, ports = [], ...probes } of pod.spec.containers) {
      for (const { configMapRef, secretRef } of envFrom) {
        if (configMapRef) find('ConfigMap', configMapRef.name);
        if (secretRef) find('Secret', secretRef.name);
      }
      for (const { valueFrom } of env) if (valueFrom) expect(secret).toHaveProperty(valueFrom.secretKeyRef.key);
      for (const mount of volumeMounts) expect(volumes, name).toContain(mount.name);
      const named = ports.map((port) => port.name);
      for (const probe of [probes.livenessProbe, probes.readinessProbe])
        if (probe) expect(named, name).toContain(probe.httpGet.port);
    }
  }
});

test('selectors of services, budgets and the autoscaler find pods, and their ports', () => {
  for (const { kind, metadata, spec } of manifests) {
    const labels = kind === 'Service' ? spec?.selector : spec?.selector?.matchLabels;
    if (!labels) continue;
    const chosen = pods.filter(({ pod }) =>
      Object.entries(labels).every(([key, value]) => pod.metadata.labels[key] === value),
    );
    expect(chosen, `${kind} ${metadata.name}`).toHaveLength(1);
    const named = chosen.flatMap(({ pod }) =>
      pod.spec.containers.flatMap(({ ports = [] }) => ports.map((port) => port.name)),
    );
    for (const { targetPort } of spec?.ports ?? []) expect(named, metadata.name).toContain(targetPort);
  }
  const { scaleTargetRef } = find('HorizontalPodAutoscaler', 'hookyard-worker').spec ?? {};
  find(scaleTargetRef?.kind ?? '', scaleTargetRef?.name ?? '');
  // What an autoscaler sets, a manifest must not set back with each apply.
  expect(worker.spec?.replicas).toBeUndefined();
});

test('a receiver is always there: more than one, one at least during a drain', () => {
  expect(server.spec?.replicas).toBeGreaterThan(1);
  expect(find('PodDisruptionBudget', 'hookyard-server').spec?.minAvailable).toBeGreaterThan(0);
});

test('variables are ones that are read, and ports those of the containers', () => {
  const known = [
    ...Object.keys(environmentSchema.shape),
    'HOOKYARD_API_TOKEN',
    'HOOKYARD_CALLBACK_KEY',
    'HOOKYARD_ID_TOKEN_KEY',
    'TEMPORAL_ADDRESS',
    'TEMPORAL_NAMESPACE',
    ...[...configFile.matchAll(/[eE]nv\('(\w+)'/g)].map(([, name]) => name),
  ];
  const own = containers.flatMap(({ container }) => (container.env ?? []).map(({ name }) => name));
  for (const name of [...Object.keys(environment), ...Object.keys(secret), ...own]) expect(known).toContain(name);
  const ports = only(server).ports?.map(({ containerPort }) => String(containerPort));
  expect(ports).toEqual([environment.HOOKYARD_PORT, environment.HOOKYARD_METRICS_PORT]);
  const defaults = configSchema.parse({ sources: { x: { kind: 'github', secrets: [{ env: 'X' }] } } });
  expect(ports).toEqual([String(defaults.server.port), String(defaults.metrics.port)]);
});

test('no manifest holds a secret', () => {
  for (const [name, value] of Object.entries(secret)) expect(value, name).toBe('');
  expect(Object.keys(environment).filter((name) => /PASSWORD|SECRET|TOKEN|KEY|DATABASE/.test(name))).toEqual([]);
});

test('a pod has the time that its stop may take', () => {
  const pause = Number(only(server).lifecycle?.preStop.exec.command[1]);
  const grace = ({ spec }: Manifest) => spec?.template?.spec.terminationGracePeriodSeconds ?? 30;
  // Answers 10 s, starts 12 s, and each other part some seconds.
  expect(grace(server)).toBeGreaterThanOrEqual(pause + 10 + 12 + 15);
  expect(grace(worker)).toBeGreaterThanOrEqual(45 + 15);
});

test('the paths that are probed answer', async () => {
  const receiver = await startReceiver();
  try {
    for (const probe of [only(server).livenessProbe, only(server).readinessProbe])
      expect((await fetch(`${receiver.url}${probe?.httpGet.path}`)).status).toBe(200);
  } finally {
    await receiver.close();
  }
  expect(only(worker).livenessProbe?.httpGet.path).toBe('/metrics');
});

describe('the configuration', () => {
  let here: string;
  let configWith: string;
  beforeEach(async () => {
    here = await tempFolder('kubernetes');
    configWith = configFile;
  });

  const values = {
    DATABASE_URL: 'postgres://hookyard:canary@postgres:5432/hookyard',
    GITHUB_WEBHOOK_SECRET: 'a webhook secret of 24 bytes and more',
    HOOKYARD_API_TOKEN: 'an api token of at least 32 characters',
    HOOKYARD_CALLBACK_KEY: 'a callback key of at least 32 characters',
  };

  async function load(env: Names) {
    const file = join(here, 'hookyard.config.ts');
    await writeFile(file, configWith);
    return loadConfig({ env: { ...environment, HOOKYARD_CONFIG: file, HOOKYARD_DATA: here, ...env }, cwd: here });
  }

  test('the configuration loads with what the secret holds, and generates nothing', async () => {
    const config = await load({ ...secret, ...values });
    expect(Object.keys(config.sources)).toEqual(['github']);
    expect(config.generatedSecrets).toEqual([]);
    expect(config.database).toBeDefined();
    expect(config.metrics).toMatchObject({ host: '0.0.0.0', port: 9464 });
  });

  test('pods that issue ID tokens all have the key of the secret, and make none', async () => {
    const key = tokenKey.make();
    configWith = configFile.replace('sources: {', 'server: { idTokens: {} },\n  sources: {');
    const all = await Promise.all(
      ['one', 'other'].map((pod) =>
        load({ ...secret, ...values, HOOKYARD_ID_TOKEN_KEY: key, HOOKYARD_DATA: join(here, pod) }),
      ),
    );
    for (const { server, generatedSecrets } of all) {
      expect(server.idTokens?.keys.map((each) => each.reveal())).toEqual([key]);
      expect(generatedSecrets).toEqual([]);
    }
  });

  test('the configuration does not load with the example as it is: an empty secret is no secret', async () => {
    await expect(load(secret)).rejects.toThrow('GITHUB_WEBHOOK_SECRET');
  });
});
