import { deliveriesAnswer, replayAnswer, shownDelivery } from '../contract/deliveries.js';
import { deliveriesQuery, replayQuery, showDeliveryQuery } from '../query.js';
import { get, post, type Route } from '../route.js';

const ID = "Hookyard's id of the delivery, a beginning of it, or the provider's";
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
];
