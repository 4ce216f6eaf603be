/** What the doctor has to say of one thing. */
export interface Finding {
  /** `problem`: deliveries are lost, or automations do not do what they should. `warn`: a person should look. */
  readonly level: 'ok' | 'warn' | 'problem';
  /** `server`, or `source <name>`. */
  readonly about: string;
  readonly repository?: string;
  readonly says: string;
  /** What to do. */
  readonly advice?: string;
}

/** A finding of whatever the caller looks at: that is put in by {@link about}. */
export type Said = Omit<Finding, 'about' | 'repository'>;

export const fine = (says: string): Said => ({ level: 'ok', says });
export const warn = (says: string, advice?: string): Said => said('warn', says, advice);
export const problem = (says: string, advice?: string): Said => said('problem', says, advice);

function said(level: Finding['level'], says: string, advice: string | undefined): Said {
  return { level, says, ...(advice !== undefined && { advice }) };
}

/** Says of all findings what they are about. */
export function about(what: Pick<Finding, 'about' | 'repository'>, all: readonly Said[]): Finding[] {
  return all.map((finding) => ({ ...what, ...finding }));
}
