import type { Automation } from '../../triggers/automation.js';

/** An automation as the workflow bundle knows it: what the receiver knows, without where its file lies. */
export type KnownAutomation = Omit<Automation, 'file'>;

const known: KnownAutomation[] = [];

/** Called by the bundle's generated entry with every automation in it. */
export function registerAutomations(automations: readonly KnownAutomation[]): void {
  known.splice(0, known.length, ...automations);
}

/** Every automation of this bundle. */
export function allAutomations(): readonly KnownAutomation[] {
  return known;
}
