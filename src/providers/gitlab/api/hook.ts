import { z } from 'zod';
import { ProviderError } from '../../error.js';
import type { Hook, HookEventKind, HookToWrite } from '../../hooks-api.js';
import { id } from '../../shapes.js';

/** GitLab's switches for what a hook sends. */
const EVENTS = [
  'push_events',
  'tag_push_events',
  'merge_requests_events',
  'note_events',
  'confidential_note_events',
  'releases_events',
  'deployment_events',
  'pipeline_events',
  'job_events',
  'issues_events',
  'confidential_issues_events',
  'wiki_page_events',
  'feature_flag_events',
] as const;

/** Approvals come with merge requests. */
const BY_KIND: Readonly<Record<HookEventKind, readonly (typeof EVENTS)[number][]>> = {
  push: ['push_events'],
  tag: ['tag_push_events'],
  pull_request: ['merge_requests_events'],
  // Internal notes have a switch of their own.
  comment: ['note_events', 'confidential_note_events'],
  review: ['merge_requests_events'],
  merge_group: [],
  release: ['releases_events'],
  deployment: ['deployment_events'],
  status: ['pipeline_events'],
};

const switches = Object.fromEntries(EVENTS.map((event) => [event, z.boolean().nullish()])) as Record<
  (typeof EVENTS)[number],
  z.ZodOptional<z.ZodNullable<z.ZodBoolean>>
>;

/**
 * A project's webhook, as the API answers it. Source:
 * https://docs.gitlab.com/api/project_webhooks/#retrieve-a-project-webhook
 */
export const hookSchema = z.object({
  id,
  url: z.string(),
  /** `executable`, `temporarily_disabled` or `disabled`. */
  alert_status: z.string().nullish(),
  disabled_until: z.string().nullish(),
  /** Both since 19.0. */
  token_present: z.boolean().nullish(),
  signing_token_present: z.boolean().nullish(),
  ...switches,
});

type Read = z.output<typeof hookSchema>;

/** Returns GitLab's switches for what triggers listen to. */
export function gitlabEvents(kinds: readonly HookEventKind[]): string[] {
  return [...new Set(kinds.flatMap((kind) => BY_KIND[kind]))];
}

/** How the receiver verifies deliveries: both ways while hooks are being moved. */
export interface Takes {
  readonly signature: boolean;
  readonly token: boolean;
}

/** Returns a hook in our words, with a warning where the receiver would refuse what it sends. */
export function toHook(read: Read, takes: Takes): Hook {
  const dropping = droppingOf(read);
  const warning = dropping ?? warningOf(read, takes);
  return {
    id: read.id,
    url: read.url,
    active: read.alert_status !== 'disabled',
    events: EVENTS.filter((event) => read[event]),
    ...(warning && { warning }),
    ...(dropping && { dropping }),
  };
}

/**
 * Returns why GitLab sends nothing. It disables a hook for a minute, and longer, after four failures in a row; for
 * good after forty. What happens in that time it neither sends nor lists.
 */
function droppingOf(read: Read): string | undefined {
  if (read.alert_status === 'disabled')
    return 'GitLab has disabled it after too many failures: a test that is answered with 2xx enables it again';
  if (read.alert_status === 'temporarily_disabled')
    return `GitLab sends nothing until ${read.disabled_until ?? 'later'}, after several failures`;
  return undefined;
}

function warningOf(read: Read, takes: Takes): string | undefined {
  // Versions before 19.0 do not sign, and do not say whether there is a token.
  const isVerified = (takes.signature && read.signing_token_present) || (takes.token && read.token_present !== false);
  if (isVerified) return undefined;
  if (takes.token) return 'it has no secret token, so what it sends is refused: set its secret again';
  return 'it has no signing token, so what it sends is refused: signing tokens need GitLab 19.0';
}

/**
 * Returns the body that creates or changes a hook. It sets every switch, so that what is not asked for is off, and
 * always holds the secret, which GitLab forgets when the URL changes. Throws {@link ProviderError} (`not configured`)
 * for a signing token that GitLab would reject.
 */
export function hookBody({ url, secret, events }: HookToWrite): object {
  return {
    url,
    enable_ssl_verification: true,
    ...Object.fromEntries(EVENTS.map((event) => [event, events.includes(event)])),
    ...(isSigning(secret) ? { signing_token: checkedSigningToken(secret) } : { token: secret }),
  };
}

/** Returns whether a secret is a signing token, by its prefix. */
export function isSigning(secret: string): boolean {
  return secret.startsWith('whsec_');
}

function checkedSigningToken(secret: string): string {
  if (Buffer.from(secret.slice('whsec_'.length), 'base64').length === 32) return secret;
  throw new ProviderError(
    'not configured',
    'a signing token of GitLab is whsec_ and 32 bytes in base64: make a new one',
  );
}
