import type { RequestHandler } from 'express';
import { HttpError } from './http-error.js';

/** Refuses what holds a NUL in its address, or in a field of its body (400): no name has one, and databases take none. */
export const refuseNul: RequestHandler = ({ url, body }, _res, next) => {
  const fields: unknown[] = Object.values(body ?? {});
  if (url.includes('%00') || fields.some((field) => typeof field === 'string' && field.includes('\0')))
    throw new HttpError(400, 'it holds a NUL character, which no name and no text has here');
  next();
};
