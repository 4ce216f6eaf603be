import { z } from 'zod';
import { httpUrl } from '../providers/settings.js';
import { Secret } from '../secrets/secret.js';

const port = z.coerce.number().int().min(0).max(65_535);
const level = z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']);

/** The URL of a Postgres database. It holds a password, so all of it is a secret. */
const databaseUrl = z
  .url({ protocol: /^postgres(ql)?$/, error: 'must be postgres://host:port/name, with user:password@ before the host' })
  .transform((url) => new Secret(url));

/** The environment variables that override the configuration file. */
export const environmentSchema = z
  .object({
    HOOKYARD_CONFIG: z.string(),
    HOOKYARD_DATA: z.string(),
    HOOKYARD_AUTOMATIONS: z.string(),
    HOOKYARD_HOST: z.string(),
    HOOKYARD_PORT: port,
    HOOKYARD_METRICS_HOST: z.string(),
    HOOKYARD_METRICS_PORT: port,
    HOOKYARD_PUBLIC_URL: httpUrl,
    HOOKYARD_UI_URL: httpUrl,
    HOOKYARD_TASK_QUEUE: z.string(),
    HOOKYARD_JOB_SLOTS: z.coerce.number().int().min(1),
    HOOKYARD_WORKSPACES: z.string(),
    HOOKYARD_LOG_LEVEL: level,
    DATABASE_URL: databaseUrl,
  })
  .partial();

/** The environment variables that Hookyard reads. */
export type Environment = z.output<typeof environmentSchema>;

/** Returns the content of the configuration file with the environment's variables laid over it. */
export function overlay(input: unknown, env: Environment): unknown {
  if (typeof input !== 'object' || input === null) return input;
  const file = input as Record<string, unknown>;
  return {
    ...file,
    ...set({ data: env.HOOKYARD_DATA, automations: env.HOOKYARD_AUTOMATIONS }),
    server: {
      ...section(file, 'server'),
      ...set({ host: env.HOOKYARD_HOST, port: env.HOOKYARD_PORT, publicUrl: env.HOOKYARD_PUBLIC_URL }),
    },
    temporal: {
      ...section(file, 'temporal'),
      ...set({ uiUrl: env.HOOKYARD_UI_URL, taskQueue: env.HOOKYARD_TASK_QUEUE }),
    },
    metrics: {
      ...section(file, 'metrics'),
      ...set({ host: env.HOOKYARD_METRICS_HOST, port: env.HOOKYARD_METRICS_PORT }),
    },
    jobs: { ...section(file, 'jobs'), ...set({ slots: env.HOOKYARD_JOB_SLOTS, workspaces: env.HOOKYARD_WORKSPACES }) },
  };
}

function section(file: Record<string, unknown>, name: string): object {
  const value = file[name];
  return typeof value === 'object' && value !== null ? value : {};
}

function set(values: Record<string, unknown>): object {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
