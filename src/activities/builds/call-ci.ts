import { RequestError } from '../../http/request-error.js';
import { RemoteCiError } from '../../remote-ci/remote-ci.js';
import { throwIfCancelled } from '../cancelled.js';
import { notConfigured, refused, triedEnough, unavailable } from '../failures.js';
import { providerCall } from '../provider-call.js';
import { failureFor } from './request-failure.js';

/** What a call of a CI service is about, for those who read of its failure. */
export interface CalledCi {
  /** Name under `builds` in the configuration. */
  readonly build: string;
  readonly kind: string;
  /** The service's name of the build, where it has one that people know. */
  readonly id?: string | undefined;
}

/** Calls a CI service, and throws what it throws as a failure that says which build it is about, and what to do. */
export async function callCi<T>({ build, kind, id }: CalledCi, work: () => Promise<T>): Promise<T> {
  const said = `build ${build} (${kind}${id === undefined ? '' : ` ${id}`})`;
  try {
    return await providerCall(work);
  } catch (error) {
    await throwIfCancelled();
    if (error instanceof RequestError) throw failureFor(error, { build, said });
    if (!(error instanceof RemoteCiError)) throw error;
    const says = `${said} ${error.message}`;
    switch (error.kind) {
      case 'not configured':
        throw notConfigured(says);
      case 'refused':
        throw refused(says);
      case 'unusable':
        throw triedEnough(unavailable(says));
    }
  }
}
