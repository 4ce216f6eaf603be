import { DeadlineError } from '../../async/deadline.js';
import { SecretUnavailable } from '../../secrets/command-secret.js';
import { bucketName, type S3Settings } from './settings.js';

/**
 * Says why a bucket can't be used. Its message names the bucket and quotes nothing that was sent or answered but the service's word for
 * the error, so it may be shown.
 */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  /** The service's word for it, `NoSuchBucket`; that of the system, `ECONNREFUSED`; or the status. */
  readonly code: string;
  /** What to do about it. */
  readonly advice: string | undefined;

  constructor(settings: S3Settings, { code, says, advice }: Words & { readonly code: string }) {
    super(`${bucketName(settings)}: ${says}`);
    this.code = code;
    this.advice = advice;
  }
}

interface Words {
  /** Follows the bucket's name. */
  readonly says: string;
  readonly advice?: string | undefined;
}

const BUSY: Words = { says: 'the service is busy', advice: 'try again later' };
const EXPIRED: Words = { says: 'the credentials have expired', advice: 'give storage.s3 new ones' };
const OTHER_REGION: Words = { says: 'it is in another region', advice: 'set storage.s3.region to that of the bucket' };
const REFUSED: Words = {
  says: 'the service refuses the credentials',
  advice: 'look at storage.s3.accessKeyId, storage.s3.secretAccessKey, and what they may do',
};

/** By the service's word for it. Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const WORDS: Readonly<Record<string, Words>> = {
  NoSuchBucket: {
    says: 'there is no such bucket',
    advice: 'create it, or correct storage.s3.bucket, storage.s3.region and storage.s3.endpoint',
  },
  AccessDenied: { says: 'the credentials may not do that', advice: 'docs/storage.md lists the rights that they need' },
  InvalidAccessKeyId: {
    says: 'the service knows no such access key',
    advice: 'correct storage.s3.accessKeyId, or storage.s3.endpoint, which may be that of another service',
  },
  SignatureDoesNotMatch: {
    says: 'the secret access key is not that of the access key',
    advice: 'correct storage.s3.secretAccessKey; where it is right, look for a proxy that changes requests',
  },
  RequestTimeTooSkewed: {
    says: "this machine's clock and the service's differ by too much",
    advice: 'set the clock, and keep it right by NTP',
  },
  ExpiredToken: EXPIRED,
  InvalidToken: EXPIRED,
  TokenRefreshRequired: EXPIRED,
  AuthorizationHeaderMalformed: OTHER_REGION,
  PermanentRedirect: OTHER_REGION,
  SlowDown: BUSY,
  ServiceUnavailable: BUSY,
  InternalError: { says: 'the service has failed', advice: 'try again later, and look into its log' },
  QuotaExceeded: {
    says: 'it is full',
    // A lower artifacts.megabytes frees nothing: what was promised to be kept stays until it expires.
    advice: 'raise its quota, or lower cache.megabytes; artifacts go when they expire: artifacts.days',
  },
  CredentialsProviderError: {
    says: 'no credentials were found',
    advice: "set storage.s3.accessKeyId and storage.s3.secretAccessKey: env('NAME'), file('/path')",
  },
};

/** Returns what an error of the SDK says, in words. */
export function storageError(error: unknown, settings: S3Settings): StorageError {
  if (error instanceof StorageError) return error;
  if (error instanceof SecretUnavailable)
    return new StorageError(settings, { code: error.name, says: error.message, advice: 'correct that option' });
  const { name, code: system, $metadata, $response } = error as SdkError;
  const status = $metadata?.httpStatusCode ?? $response?.statusCode;
  const code = wordOf(system) ?? wordOf(name) ?? String(status);
  return new StorageError(settings, { code, ...(WORDS[code] ?? otherWords(error, { code, status })) });
}

function otherWords(
  error: unknown,
  { code, status }: { readonly code: string; readonly status: number | undefined },
): Words {
  if (status === undefined) {
    const says = error instanceof DeadlineError ? error.message : `it does not answer: ${code}`;
    return { says, advice: 'look whether the service runs, and whether this machine reaches storage.s3.endpoint' };
  }
  if (status === 401 || status === 403) return REFUSED;
  if (status === 429 || status >= 500) return BUSY;
  if (status < 300) return { says: 'what answers is no S3 service', advice: 'correct storage.s3.endpoint' };
  return { says: `the service answered ${status}: ${code}` };
}

/** What may be there. */
interface SdkError {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number };
  /** Of an answer that could not be read. */
  readonly $response?: { readonly statusCode?: number };
}

/** A text is taken for a word only where it can be nothing else, such as one that quotes what was sent. */
function wordOf(text: unknown): string | undefined {
  return typeof text === 'string' && /^[A-Za-z][A-Za-z_]{0,50}$/.test(text) ? text : undefined;
}
