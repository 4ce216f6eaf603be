import { readdirSync } from 'node:fs';
import { PROVIDERS, sourceSchema } from '../../src/providers/index.js';
import type { ProviderKind, Source } from '../../src/providers/source.js';
import { Secret } from '../../src/secrets/secret.js';
import { SECRET, type Sender } from './signing.js';

/** All kinds of sources, in the order of the one table. */
export const kinds = Object.keys(PROVIDERS) as ProviderKind[];

const folders = readdirSync(import.meta.dirname, { withFileTypes: true }).filter((entry) => entry.isDirectory());
const found = await Promise.all(
  folders.map(async ({ name }) => ((await import(`./${name}/senders.ts`)) as { senders: readonly Sender[] }).senders),
);

/** Returns how a kind sends. Throws for a kind of which no `senders.ts` says so. */
export function senderOf(kind: ProviderKind): Sender {
  const sender = found.flat().find((one) => one.kind === kind);
  if (sender) return sender;
  throw new Error(`no test/providers/<folder>/senders.ts says how ${kind} sends its deliveries`);
}

/** A source of a kind, as the configuration gives it, with the one secret. */
export function sourceOf(kind: ProviderKind): Source {
  const parsed = sourceSchema.parse({ kind, secrets: [{ env: 'X' }], ...senderOf(kind).settings });
  return { ...parsed, secrets: [new Secret(SECRET)] } as Source;
}
