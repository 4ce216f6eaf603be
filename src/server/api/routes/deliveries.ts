import { deliveriesAnswer, replayAnswer, shownDelivery } from '../contract/deliveries.js';
import { editAnswer, editableAnswer, startEditedAnswer } from '../contract/edit.js';
import { editBody } from '../edit/edit.js';
import { deliveriesQuery, deliveryQuery, replayQuery, showDeliveryQuery } from '../queries/deliveries.js';
import { get, post, type Route } from '../route.js';

const ID = "Hookyard's id of the delivery, a beginning of it, or the provider's";
const NOT_EDITABLE = 'It has no payload that can be edited, or several deliveries are called so.';
const TOO_LARGE = 'Up to 1 MB can be edited.';
/** 1 MB of JSON, as a text in JSON. */
const MAX_EDIT = '3mb';
const SEVERAL = 'Several deliveries are called so: "meanings" lists them.';

/** What came in. */
export const deliveryRoutes: readonly Route[] = [
  get('/deliveries', {
    name: 'listDeliveries',
    says: 'Lists what came in, newest first, and searches it.',
    query: deliveriesQuery,
    answer: deliveriesAnswer,
    give: (answers, asked) => answers.deliveries(asked),
  }),
  get('/deliveries/:id', {
    name: 'showDelivery',
    says: 'Shows a delivery: what was made of it, and how its runs stand.',
    id: ID,
    query: showDeliveryQuery,
    answer: shownDelivery,
    errors: { 404: 'There is no such delivery.', 409: SEVERAL },
    give: (answers, asked) => answers.delivery(asked),
  }),
  post('/deliveries/:id/replay', {
    name: 'replayDelivery',
    says: 'Starts once more what a delivery has started.',
    id: ID,
    query: replayQuery,
    answer: replayAnswer,
    errors: { 404: 'There is no such delivery.', 409: 'It started nothing, or several deliveries are called so.' },
    give: (answers, asked) => answers.replay(asked),
  }),
  get('/deliveries/:id/edit', {
    name: 'showEditable',
    says: 'Shows the payload of a delivery as it can be edited.',
    id: ID,
    query: deliveryQuery,
    answer: editableAnswer,
    errors: { 404: 'There is no such delivery.', 409: NOT_EDITABLE, 413: TOO_LARGE },
    give: (answers, asked) => answers.editable(asked),
  }),
  post('/deliveries/:id/edit', {
    name: 'explainEdited',
    says: 'Tells what would become of a changed payload, beside what was received. Nothing is stored or started.',
    id: ID,
    query: deliveryQuery,
    body: editBody,
    maxBody: MAX_EDIT,
    answer: editAnswer,
    errors: { 404: 'There is no such delivery.', 409: NOT_EDITABLE, 413: TOO_LARGE },
    give: (answers, asked) => answers.explainEdited(asked),
  }),
  post('/deliveries/:id/start', {
    name: 'startEdited',
    says: 'Starts a changed payload as a delivery of its own, marked as edited by whom from which.',
    id: ID,
    query: deliveryQuery,
    body: editBody,
    maxBody: MAX_EDIT,
    answer: startEditedAnswer,
    errors: { 404: 'There is no such delivery.', 409: `It may not be started. ${NOT_EDITABLE}`, 413: TOO_LARGE },
    give: (answers, asked) => answers.startEdited(asked),
  }),
];
