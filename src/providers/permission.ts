/** Permissions in rising order. Each includes those before it. */
export const PERMISSIONS = ['none', 'read', 'write', 'admin'] as const;

/** One of {@link PERMISSIONS}. */
export type Permission = (typeof PERMISSIONS)[number];

/**
 * What credentials need rights for, beside webhooks. `commands`: to ask who may give comment commands. `annotations`: to show problems
 * at their lines, where that takes more than comments and statuses do.
 */
export type RightUse = 'statuses' | 'comments' | 'commands' | 'annotations';

/** Whether credentials may be used for something. */
export interface Right {
  readonly use: RightUse;
  /** Undefined where the provider does not tell. */
  readonly has: boolean | undefined;
  /** What is lacking: the role or the scope. */
  readonly lacks?: string;
}
