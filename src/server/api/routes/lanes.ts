import { laneChangeAnswer, laneMoveAnswer, lanesAnswer } from '../contract/lanes.js';
import { changeLaneBody, moveInLaneBody } from '../lanes.js';
import { lanesQuery } from '../queries/lanes.js';
import { get, post, type Route } from '../route.js';

/** Which runs take turns. */
export const laneRoutes: readonly Route[] = [
  get('/lanes', {
    name: 'listLanes',
    says: 'Lists lanes: who has a slot, and who waits.',
    query: lanesQuery,
    answer: lanesAnswer,
    give: (answers, asked) => answers.lanes(asked),
  }),
  post('/lanes/mode', {
    name: 'changeLane',
    says: 'Pauses, drains or opens a lane.',
    body: changeLaneBody,
    answer: laneChangeAnswer,
    errors: { 404: 'There is no such lane.', 409: 'Several lanes are called so.' },
    give: (answers, asked) => answers.changeLane(asked),
  }),
  post('/lanes/move', {
    name: 'moveInLane',
    says: 'Puts a waiting run ahead of all others of its lane.',
    body: moveInLaneBody,
    answer: laneMoveAnswer,
    errors: { 409: 'The run does not wait in a lane.' },
    give: (answers, asked) => answers.moveInLane(asked),
  }),
];
