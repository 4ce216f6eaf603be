import { ProviderError } from './error.js';

/** Returns what a call of a provider's API returns. Undefined where the provider answers 404. */
export async function orUndefinedIf404<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ProviderError && error.status === 404) return undefined;
    throw error;
  }
}
