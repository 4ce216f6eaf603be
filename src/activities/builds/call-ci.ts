import { RequestError } from '../../http/request-error.js';
import { RemoteCiError } from '../../remote-ci/remote-ci.js';
import { throwIfCancelled } from '../cancelled.js';
import { notConfigured, refused, triedEnough, unavailable } from '../failures.js';
import { failureFor } from './request-failure.js';

/** Calls a CI service, and throws what it throws as a failure that says which build it is about, and what to do. */
export async function callCi<T>(build: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await throwIfCancelled();
    if (error instanceof RequestError) throw failureFor(error, { build });
    if (!(error instanceof RemoteCiError)) throw error;
    const says = `build ${build} ${error.message}`;
    switch (error.kind) {
      case 'not configured':
        throw notConfigured(error.message);
      case 'refused':
        throw refused(says);
      case 'unusable':
        throw triedEnough(unavailable(says));
    }
  }
}
