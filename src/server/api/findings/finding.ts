/** What `hookyard doctor` says about one thing. */
export interface Finding {
  /** `problem`: deliveries are lost, or automations do not do what they should. `warn`: a person should look. */
  readonly level: 'ok' | 'warn' | 'problem';
  /** `configuration`, `server`, `automations`, `runners of this machine`, `storage`, `build <name>`, or `source <name>`. */
  readonly about: string;
  readonly repository?: string;
  readonly says: string;
  /** What to do. */
  readonly advice?: string;
}

/** A finding without what it is about, which {@link findingsAbout} adds. */
export type Remark = Omit<Finding, 'about' | 'repository'>;

/** Creates a remark on something that is as it should be. */
export const fine = (says: string): Remark => ({ level: 'ok', says });
/** Creates a remark on something that a person should look at. */
export const warn = (says: string, advice?: string): Remark => remark('warn', says, advice);
/** Creates a remark on something that is broken. */
export const problem = (says: string, advice?: string): Remark => remark('problem', says, advice);

function remark(level: Finding['level'], says: string, advice: string | undefined): Remark {
  return { level, says, ...(advice !== undefined && { advice }) };
}

/** Makes findings of remarks on one thing. */
export function findingsAbout(what: Pick<Finding, 'about' | 'repository'>, remarks: readonly Remark[]): Finding[] {
  return remarks.map((remark) => ({ ...what, ...remark }));
}
