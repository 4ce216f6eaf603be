import { loadCatalog } from '../../catalog/load.js';
import { readProject } from '../../config/project.js';
import { decide } from '../../intake/decide.js';
import { type ExplainedDecision, explainDecision } from '../../intake/explain-decision.js';
import { readEvents } from '../../intake/read-events.js';
import { toKnownSource } from '../../providers/known-sources.js';
import { MalformedPayload } from '../../providers/webhook-scheme.js';
import { UserError } from '../user-error.js';
import { eventHeaderOf } from './event-header.js';
import { contentTypeOf, readInput } from './read-input.js';
import { sourceOf } from './source-secrets.js';

const NEVER_SENT = 'never-sent';

/**
 * Decides what would become of a payload if a source sent it now. Nothing is stored, started or sent, and no signature is
 * checked. Throws {@link UserError}.
 */
export async function explainFile({
  file,
  source: name,
  event: eventName,
}: {
  file: string;
  source: string;
  event?: string;
}): Promise<ExplainedDecision> {
  const project = await readProject({ env: process.env, cwd: process.cwd() });
  const source = sourceOf(project, name);
  const { body } = await readInput(file);
  const { automations } = await loadCatalog(project.automations);
  const known = toKnownSource(source);
  const { scheme } = known;
  const header = eventHeaderOf(source);
  const headers = { 'content-type': contentTypeOf(body), ...(header && eventName && { [header]: eventName }) };
  try {
    const payload = scheme.parse({ headers, body });
    const read = scheme.eventName({ headers, body, payload });
    const delivery = { id: NEVER_SENT, key: NEVER_SENT, source: name, eventName: read, receivedAt: Date.now() };
    const reading = readEvents(payload, known, delivery);
    const decision = await decide(reading, { sender: { ...known, headers }, delivery }, { automations });
    return explainDecision(read, decision);
  } catch (error) {
    if (!(error instanceof MalformedPayload)) throw error;
    const hint = eventName ? '' : '; name the event with --event, as the provider does in its header';
    throw new UserError(`Source "${name}" can't read it, and would ignore it: ${error.message}${hint}`);
  }
}
