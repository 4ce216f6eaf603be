import { createLargeBodyReader } from '../../../intake/large-bodies/reader.js';
import type { ActBy } from '../contract.js';
import { explainEdited, showEditable, startEdited, viewEdit } from '../edit/edit.js';
import { operatorName } from '../operator-name.js';
import { deliveryQuery } from '../queries/deliveries.js';
import { readQuery } from '../query.js';
import type { SharedDeps } from './deps.js';
import type { AnswerRequest, ChangeRequest } from './request.js';

/** Returns what is answered about payloads that are edited. */
export function editAnswers(deps: SharedDeps) {
  const { acts, inTurn, sources, config } = deps;
  const largeBodies = createLargeBodyReader({ sources, inbox: config.inbox });
  const ofEdits = { ...deps, inbox: deps.store.inbox, largeBodies };
  const sourceIn = (query: unknown) => readQuery(deliveryQuery, query).source;
  return {
    editable({ id = '', query }: AnswerRequest) {
      const source = sourceIn(query);
      return inTurn(() => showEditable(ofEdits, { id, source }));
    },
    /** Changes nothing: `by` is whoever would start it. */
    explainEdited({ id = '', query, body, by }: AnswerRequest & Pick<ActBy, 'by'>) {
      const source = sourceIn(query);
      return inTurn(() => explainEdited(ofEdits, { id, source, body, by: operatorName(by) }));
    },
    /** Changes nothing either. */
    viewEdit({
      id = '',
      query,
      payload,
      by,
    }: AnswerRequest & Pick<ActBy, 'by'> & { readonly payload?: string | undefined }) {
      const source = sourceIn(query);
      return inTurn(() => viewEdit(ofEdits, { id, source, payload, by: operatorName(by) }));
    },
    startEdited({ id = '', query, body, ...who }: ChangeRequest) {
      const source = sourceIn(query);
      const started = inTurn(() => startEdited(ofEdits, { id, source, body, by: operatorName(who.by) }));
      return acts.recorded(who, started, ({ delivery, from, runs }) => ({
        ...{ act: 'start edited', on: from },
        result: [delivery, ...runs].join(', '),
      }));
    },
  };
}
