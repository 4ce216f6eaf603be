import { ProviderError } from './error.js';

/** What was asked for; undefined where the provider answers that there is no such thing (404). */
export async function orUndefinedIf404<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ProviderError && error.status === 404) return undefined;
    throw error;
  }
}
