import type { Secret } from '../../secrets/secret.js';

/** Which bucket is used, and how: `storage.s3` of the configuration. */
export interface S3Settings {
  /** Address of a service other than AWS. */
  readonly endpoint?: string | undefined;
  readonly region: string;
  readonly bucket: string;
  /** What the names of all objects begin with, before a `/`. Empty: nothing. */
  readonly prefix: string;
  /** Without it and the next, the SDK looks for credentials where AWS keeps them: its variables, its files, the machine's role. */
  readonly accessKeyId?: Secret | undefined;
  readonly secretAccessKey?: Secret | undefined;
  /** Of credentials that count for some time. */
  readonly sessionToken?: Secret | undefined;
  /** Whether the bucket's name is in the path of an address, and not in its host. By default it is, where there is an endpoint. */
  readonly forcePathStyle?: boolean | undefined;
}

/** Returns how people call the bucket of some settings. */
export function bucketName({ bucket, endpoint }: Pick<S3Settings, 'bucket' | 'endpoint'>): string {
  return endpoint === undefined ? `the bucket ${bucket}` : `the bucket ${bucket} at ${endpoint}`;
}
