import type { S3, S3ClientConfig } from '@aws-sdk/client-s3';
import { withDeadline } from '../../async/deadline.js';
import type { S3Settings } from './settings.js';
import { StorageError, storageError } from './storage-error.js';

/** Tries of a call, the first one counted in; the SDK pauses in between. */
const TRIES = 4;
const CONNECT_MS = 10_000;
/** For so long a connection may move nothing. */
const IDLE_MS = 30_000;
/** Of a call that moves no more than a part of a file, its tries counted in. */
const CALL_MS = 120_000;
/** Connections at once: what is beyond waits for one. */
const SOCKETS = 32;

/** What a call is ended by. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  readonly ms?: number;
}

/** A bucket of a service that speaks S3. */
export interface Bucket {
  readonly settings: S3Settings;
  /** Has the SDK do something. Throws {@link StorageError}, and the signal's reason. */
  call<T>(
    work: (s3: S3, bucket: { readonly Bucket: string }, sent: { readonly abortSignal: AbortSignal }) => Promise<T>,
    options?: CallOptions,
  ): Promise<T>;
}

/** Returns a bucket that nothing is asked of yet: the SDK is loaded with the first call. `ending`: ends calls that have no signal of their own. */
export function openBucket(settings: S3Settings, ending?: AbortSignal): Bucket {
  let opened: Promise<S3> | undefined;
  return {
    settings,
    async call(work, { signal = ending, ms = CALL_MS } = {}) {
      opened ??= connect(settings).catch((error: unknown) => {
        opened = undefined;
        throw error;
      });
      try {
        const s3 = await opened;
        return await withDeadline({ ms, parent: signal }, (abortSignal) =>
          work(s3, { Bucket: settings.bucket }, { abortSignal }),
        );
      } catch (error) {
        signal?.throwIfAborted();
        throw storageError(error, settings);
      }
    },
  };
}

async function connect(settings: S3Settings): Promise<S3> {
  const { S3 } = await import('@aws-sdk/client-s3');
  const { endpoint, region, forcePathStyle = endpoint !== undefined } = settings;
  const agent = { keepAlive: true, maxSockets: SOCKETS };
  return new S3({
    ...{ region, forcePathStyle, maxAttempts: TRIES },
    ...(endpoint !== undefined && { endpoint }),
    ...credentialsOf(settings),
    // Other services know less of checksums in headers and behind bodies than AWS does; bodies are signed, and compared when they are read.
    ...{ requestChecksumCalculation: 'WHEN_REQUIRED', responseChecksumValidation: 'WHEN_REQUIRED' },
    requestHandler: { connectionTimeout: CONNECT_MS, socketTimeout: IDLE_MS, httpAgent: agent, httpsAgent: agent },
  });
}

/** In milliseconds: for so long the SDK keeps credentials that a command prints. It asks anew five minutes before they end. */
const FRESH_MS = 6 * 60_000;

function credentialsOf(settings: S3Settings): Pick<S3ClientConfig, 'credentials'> {
  const { accessKeyId, secretAccessKey, sessionToken } = settings;
  if (!accessKeyId && !secretAccessKey) return {};
  if (!accessKeyId || !secretAccessKey)
    throw new StorageError(settings, {
      code: 'CredentialsProviderError',
      says: `storage.s3.${accessKeyId ? 'secretAccessKey' : 'accessKeyId'} is not set, and the other one is`,
      advice: 'set both, or neither',
    });
  const all = [accessKeyId, secretAccessKey, ...(sessionToken ? [sessionToken] : [])];
  const canChange = all.some((secret) => secret.canChange);
  return {
    async credentials() {
      await Promise.all(all.map((secret) => secret.refresh()));
      return {
        accessKeyId: accessKeyId.reveal(),
        secretAccessKey: secretAccessKey.reveal(),
        ...(sessionToken && { sessionToken: sessionToken.reveal() }),
        ...(canChange && { expiration: new Date(Date.now() + FRESH_MS) }),
      };
    },
  };
}
