import { resolve } from 'node:path';
import type { Credential } from '../../providers/sign.js';
import { quoted } from '../../runs/shell-word.js';
import type { SecretReference } from '../../secrets/reference.js';
import type { Prepared } from '../client/send-delivery.js';
import { UserError } from '../user-error.js';
import { withoutControls } from './control-characters.js';

/** What one argument of a program may hold on Linux is 128 kB. */
const MAX_INLINE = 100_000;

/** What {@link curlLine} makes a line of. */
export interface CurlRequest {
  readonly url: string;
  readonly delivery: Prepared;
  /** Absolute path of the file that holds the body. Without one, the line holds it. */
  readonly file: string | undefined;
  /** Folder of the secrets that Hookyard has made. */
  readonly secrets: string;
}

/**
 * Returns a line for a shell, in which curl sends a delivery. Everything in it is quoted, and it holds no secret: where
 * the provider sends one as it is, the shell takes it from where it is kept, and no list of processes shows it. Throws
 * {@link UserError} for what no line can hold.
 */
export function curlLine({ url, delivery, file, secrets }: CurlRequest): string {
  const { source, body, headers, credential, secret } = delivery;
  const line = [
    ...(credential ? [`${credentialLine(credential, shellValue(secret.reference, secrets))} |`] : []),
    'curl --globoff --request POST',
    quoted(`${url}/webhooks/${source}`),
    ...Object.entries(headers).map(([name, value]) => `--header ${quoted(headerText(name, value))}`),
    ...(credential ? ['--header @-'] : []),
    file === undefined ? `--data-raw ${quoted(inline(body))}` : `--data-binary ${quoted(`@${file}`)}`,
  ].join(' ');
  if (withoutControls(line) !== line || line.includes('\u001b'))
    throw new UserError('This holds characters that no terminal can show: write the body to a file, and give --file');
  return line;
}

function headerText(name: string, value: string): string {
  if (/[\r\n\0]/.test(value)) throw new UserError(`The header ${name} can't hold a line break`);
  return `${name}: ${value}`;
}

function inline(body: Buffer): string {
  const text = body.toString('utf8');
  if (body.byteLength <= MAX_INLINE && Buffer.from(text).equals(body)) return text;
  throw new UserError('The body is too large for a line, or is no text: write it to a file, and give --file');
}

/** Prints the header: `printf` is a part of the shell, so that no other process sees what it is given. */
function credentialLine(credential: Credential, secret: string): string {
  const header = quoted(credential.header);
  switch (credential.kind) {
    case 'plain':
      return `printf '%s: %s\\n' ${header} ${secret}`;
    case 'bearer':
      return `printf '%s: Bearer %s\\n' ${header} ${secret}`;
    case 'basic':
      return `printf '%s: Basic %s\\n' ${header} "$(printf '%s:%s' ${quoted(credential.username)} ${secret} | base64 | tr -d '\\n')"`;
    default:
      return credential satisfies never;
  }
}

/** Returns what a shell replaces by a secret. */
function shellValue(reference: SecretReference, folder: string): string {
  if ('env' in reference) {
    if (!process.env[reference.env] && reference.otherwise) return shellValue(reference.otherwise, folder);
    return /^[A-Za-z_]\w*$/.test(reference.env) ? `"$${reference.env}"` : `"$(printenv ${quoted(reference.env)})"`;
  }
  if ('command' in reference) return `"$(${reference.command.map(quoted).join(' ')})"`;
  return `"$(cat ${quoted('file' in reference ? resolve(reference.file) : resolve(folder, reference.generated))})"`;
}
