import type { Automation } from '../../triggers/automation.js';

/** An automation as the workflow bundle knows it: as the receiver does, without the path of its file. */
export type KnownAutomation = Omit<Automation, 'file'>;

const known: KnownAutomation[] = [];

/** Remembers the automations of the bundle. Called once, by the bundle's generated entry. */
export function registerAutomations(automations: readonly KnownAutomation[]): void {
  known.splice(0, known.length, ...automations);
}

/** Returns every automation of this bundle. */
export function allAutomations(): readonly KnownAutomation[] {
  return known;
}

/** Names functions as their modules export them: Temporal starts a child of `executeChild(ci)` by its function's name. */
export function nameFunctions(functions: Readonly<Record<string, object>>): void {
  for (const [name, fn] of Object.entries(functions)) Object.defineProperty(fn, 'name', { value: name });
}
