import { z } from 'zod';
import { HttpError } from '../http/http-error.js';

const whole = (most: number) => z.coerce.number().int().min(0).max(most);
const limit = (most: number, otherwise: number) => whole(most).min(1).default(otherwise);
const name = z.string().min(1).max(500);

/** Query of `GET /api/deliveries`. */
export const deliveriesQuery = z.object({
  limit: limit(500, 50),
  source: name.optional(),
  failed: z.enum(['true', 'false', '']).optional(),
  before: whole(Number.MAX_SAFE_INTEGER).optional(),
});

/** Query of `GET /api/deliveries/<id>`. */
export const deliveryQuery = z.object({ source: name.optional() });

/** Query of `POST /api/deliveries/<id>/replay`. */
export const replayQuery = deliveryQuery.extend({ automation: name.optional() });

/** Query of `GET /api/runs`: a workflow id. */
export const runQuery = z.object({ id: z.string().min(1).max(1_000) });

/** Query of `POST /api/runs/approve`. */
export const approveQuery = runQuery.extend({
  sha: z
    .string()
    .regex(/^[0-9a-f]{7,64}$/)
    .optional(),
});

/** Query of `GET /api/logs`. */
export const logsQuery = z.object({
  run: z.string().min(1).max(1_000),
  job: name.optional(),
  after: whole(Number.MAX_SAFE_INTEGER).default(0),
  limit: limit(5_000, 500),
});

/** Parses a query. Throws {@link HttpError} (400) that names the parameter. */
export function readQuery<T extends z.ZodType>(schema: T, query: unknown): z.output<T> {
  const result = schema.safeParse(query);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new HttpError(400, `the parameter "${issue?.path.join('.')}" is missing or malformed`);
}
