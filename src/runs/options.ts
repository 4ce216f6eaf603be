/** How a run is started beside its event: settled by the receiver, so that an edited trigger changes nothing later. */
export interface RunOptions {
  /** It only reports its checks as skipped: why. */
  readonly skip?: string;
  readonly asks?: Asks;
}

/** What is asked before an automation's own work begins, because a receiver can't: its questions go to a provider. */
export interface Asks {
  /** The path filters of the triggers that agree: one of them has to include a changed file. */
  readonly paths?: readonly (readonly string[])[];
  /** The code is a stranger's: a person who may write has to look at it first. */
  readonly approval?: true;
  /** What whoever commented must be allowed to do: of several triggers that agree, the most. */
  readonly permission?: CommandPermission;
}

/** In rising order. */
export const COMMAND_PERMISSIONS = ['read', 'write', 'admin'] as const;
export type CommandPermission = (typeof COMMAND_PERMISSIONS)[number];
