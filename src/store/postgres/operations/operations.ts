import type { InputOf, OperationName, OutputOf } from '../../backend.js';
import type { Database, Queries } from '../database.js';
import { addAttempt, listAttempts, pruneAttempts } from './attempts.js';
import { claim } from './claim.js';
import {
  arrivalTimes,
  earlierAlike,
  findDeliveries,
  findStart,
  knownKeys,
  listDeliveries,
  readBody,
} from './deliveries.js';
import { backlog, endLeases, keepSignal, nextDue } from './dispatches.js';
import { forgetDelivery, forgetLanes, forgetRun, scanRecords } from './forget.js';
import {
  breakDeadlock,
  enterLane,
  holdersToAskAbout,
  leaveLanes,
  letDue,
  listLanes,
  moveAhead,
  runsNotBegun,
  setLaneLimit,
  setLaneMode,
  stepAside,
  stepBack,
  takeOut,
} from './lanes.js';
import { appendLines, listJobs, logExtent, pruneLines, readLines, searchLines } from './logs.js';
import { pruneDeliveries, pruneLargeBodies } from './prune.js';
import { getRecord, listRecords, removeRecord, upsertRecord } from './records.js';
import { settle } from './settle.js';
import { startAgain, startAgainInLanes } from './start-again.js';
import { noteTold, runsToTell } from './told.js';
import {
  closeWait,
  closeWaits,
  freeWait,
  givenToWait,
  giveWaits,
  listWaits,
  openWait,
  placesToLookAt,
  readWaits,
  waitersToAskAbout,
} from './waits.js';

/** The operations by name. */
export type PostgresOperations = { readonly [K in OperationName]: (input: InputOf<K>) => Promise<OutputOf<K>> };

/** Creates everything that the database can be asked for but `acceptDelivery`, which several calls share. */
export function createOperations(database: Database): Omit<PostgresOperations, 'acceptDelivery'> {
  /** One statement, or several that need no common view. */
  const alone =
    <I, O>(run: (queries: Queries, input: I) => Promise<O>) =>
    (input: I) =>
      run(database, input);
  const together =
    <I, O>(run: (queries: Queries, input: I) => Promise<O>) =>
    (input: I) =>
      database.transaction((queries) => run(queries, input));
  return {
    startAgain: (input) =>
      input.starts.some(({ lane }) => lane) ? together(startAgainInLanes)(input) : alone(startAgain)(input),
    keepSignal: alone(keepSignal),
    claim: alone(claim),
    endLeases: alone(endLeases),
    settle: together(settle),
    nextDue: alone(nextDue),
    backlog: alone(backlog),
    enterLane: together(enterLane),
    leaveLanes: together(leaveLanes),
    letDue: together(letDue),
    takeOut: together(takeOut),
    breakDeadlock: together(breakDeadlock),
    stepAside: together(stepAside),
    stepBack: together(stepBack),
    holdersToAskAbout: alone(holdersToAskAbout),
    runsNotBegun: alone(runsNotBegun),
    runsToTell: alone(runsToTell),
    noteTold: together(noteTold),
    listLanes: alone(listLanes),
    setLaneMode: together(setLaneMode),
    moveAhead: together(moveAhead),
    setLaneLimit: together(setLaneLimit),
    openWait: alone(openWait),
    closeWait: alone(closeWait),
    freeWait: together(freeWait),
    givenToWait: alone(givenToWait),
    closeWaits: alone(closeWaits),
    placesToLookAt: alone(placesToLookAt),
    readWaits: together(readWaits),
    giveWaits: together(giveWaits),
    listWaits: alone(listWaits),
    waitersToAskAbout: alone(waitersToAskAbout),
    findDeliveries: alone(findDeliveries),
    findStart: alone(findStart),
    readBody: alone(readBody),
    knownKeys: alone(knownKeys),
    listDeliveries: alone(listDeliveries),
    earlierAlike: alone(earlierAlike),
    arrivalTimes: alone(arrivalTimes),
    pruneDeliveries: together(pruneDeliveries),
    pruneLargeBodies: alone(pruneLargeBodies),
    appendLines: alone(appendLines),
    readLines: alone(readLines),
    logExtent: alone(logExtent),
    searchLines: alone(searchLines),
    listJobs: alone(listJobs),
    pruneLines: together(pruneLines),
    upsertRecord: together(upsertRecord),
    removeRecord: alone(removeRecord),
    getRecord: alone(getRecord),
    listRecords: alone(listRecords),
    addAttempt: alone(addAttempt),
    listAttempts: alone(listAttempts),
    pruneAttempts: alone(pruneAttempts),
    forgetDelivery: together(forgetDelivery),
    forgetRun: together(forgetRun),
    forgetLanes: together(forgetLanes),
    scanRecords: alone(scanRecords),
  };
}
