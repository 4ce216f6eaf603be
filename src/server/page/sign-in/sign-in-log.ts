import type { Logger } from '../../../log.js';
import { createRefusalLog } from '../../refusal-log.js';

/** Logs who could not sign in, and why. Many of one kind are summed up. */
export type SignInLog = (because: string, details?: { readonly who?: string; readonly why?: string }) => void;

/** Creates the log of sign-ins that did not go well. */
export function createSignInLog(log: Logger): SignInLog {
  const refusals = createRefusalLog(log);
  return (because, details = {}) => {
    if (refusals.isLogged({ source: undefined, because })) log.warn({ because, ...details }, 'sign-in refused');
  };
}
