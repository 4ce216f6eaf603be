import { pino } from 'pino';
import type { RepositoryApi, SourceApi } from '../../src/providers/api.js';
import { createProviders } from '../../src/providers/apis.js';
import { schemeOf } from '../../src/providers/known-sources.js';
import type { ProviderKind, Source } from '../../src/providers/source.js';
import { Secret } from '../../src/secrets/secret.js';
import { kinds, sourceOf } from './senders.js';

const COLUMNS = [
  'kind',
  'verified by',
  'deduplicated on',
  'events',
  'status',
  'comment',
  'annotations',
  'changed files',
  'commands',
  'connect',
  'missed deliveries',
] as const;

type Row = Readonly<Record<(typeof COLUMNS)[number], string>>;

/** What each kind of source can do, asked of the code: a method that is not there is a feature that is not there. */
export async function providerTable(): Promise<string> {
  const rows = await Promise.all(kinds.map(rowOf));
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
  return [
    line(COLUMNS),
    line(COLUMNS.map(() => '---')).replaceAll(' ', ''),
    ...rows.map((row) => line(COLUMNS.map((column) => row[column].replaceAll('|', '\\|')))),
  ].join('');
}

async function rowOf(kind: ProviderKind): Promise<Row> {
  const source = fullSourceOf(kind);
  const { capabilities } = schemeOf(source);
  const sourceApi = await sourceApiOf(source);
  const api = sourceApi?.repository('owner/name');
  const has = (method: keyof RepositoryApi) => (api?.[method] ? '✓' : '–');
  const { hooks } = api ?? {};
  return {
    kind: 'clone' in source ? `[\`${kind}\`](docs/providers/${kind}.md)` : `\`${kind}\``,
    'verified by': capabilities.verifiedBy,
    'deduplicated on': capabilities.key,
    events: capabilities.events
      .filter((event) => !event.endsWith('_deleted'))
      .map((event) => event.replace('_', ' '))
      .join(', '),
    status: has('writeStatus'),
    comment: has('comment'),
    annotations: kind === 'github' ? 'as an App' : has('annotate'),
    'changed files': has('changedFiles'),
    commands: has('permissionOf'),
    connect: hooks ? (hooks.test ? '✓, with a test delivery' : '✓') : '–',
    'missed deliveries': hooks?.log || sourceApi?.hooks ? 'from its list' : api?.state ? 'by state' : '–',
  };
}

async function sourceApiOf(source: Source): Promise<SourceApi | undefined> {
  return createProviders({ config: { sources: { it: source } }, log: pino({ level: 'silent' }) }).source('it');
}

/** A source that does all that its kind can: with an API, and with both of GitLab's schemes. */
function fullSourceOf(kind: ProviderKind): Source {
  const source = sourceOf(kind);
  return {
    ...source,
    secrets: [...source.secrets, new Secret('a secret of sixteen')],
    ...('clone' in source && { api: { token: new Secret('a-token') } }),
    ...('acceptSecretToken' in source && { acceptSecretToken: true }),
  } as Source;
}
