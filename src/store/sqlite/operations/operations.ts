import type { InputOf, OperationName, OutputOf } from '../../backend.js';
import type { Connection } from '../connection.js';
import { acceptDelivery } from './accept.js';
import { addAttempt, listAttempts, pruneAttempts } from './attempts.js';
import { claim, endLeases, nextDue } from './claim.js';
import {
  arrivalTimes,
  earlierAlike,
  findDeliveries,
  findStart,
  knownKeys,
  listDeliveries,
  readBody,
} from './deliveries.js';
import { backlog, keepSignal, settle } from './dispatches.js';
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
import { startAgain } from './start-again.js';
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

/**
 * The operations by name. A `read` runs by itself, a `write` inside a transaction that others share. A `note` is a
 * write that a power cut may take back, since all that it would lead to is that something is done again that can be
 * done twice.
 */
export type SqliteOperations = {
  readonly [K in OperationName]: {
    readonly kind: 'read' | 'write' | 'note';
    /** Whether this one is a write, though the operation is a note. */
    readonly mustStay?: (input: InputOf<K>) => boolean;
    run(input: InputOf<K>): OutputOf<K>;
  };
};

/** Creates everything that the thread can be asked for. */
export function createOperations(connection: Connection): SqliteOperations {
  const read = <I, O>(run: (connection: Connection, input: I) => O) => ({
    kind: 'read' as const,
    run: (input: I) => run(connection, input),
  });
  const write = <I, O>(run: (connection: Connection, input: I) => O) => ({
    kind: 'write' as const,
    run: (input: I) => run(connection, input),
  });
  const note = <I, O>(run: (connection: Connection, input: I) => O) => ({
    kind: 'note' as const,
    run: (input: I) => run(connection, input),
  });
  return {
    acceptDelivery: write(acceptDelivery),
    startAgain: write(startAgain),
    keepSignal: write(keepSignal),
    // A start that is handed over a second time is known to Temporal by its name, for as long as it keeps the run.
    claim: note(claim),
    endLeases: note(endLeases),
    // Another run may take the place of one that failed: that must not be taken back once it has begun.
    settle: { ...note(settle), mustStay: (input) => input.some(({ outcome }) => outcome === 'failed') },
    nextDue: read(nextDue),
    backlog: read(backlog),
    enterLane: write(enterLane),
    leaveLanes: write(leaveLanes),
    letDue: write(letDue),
    takeOut: write(takeOut),
    breakDeadlock: write(breakDeadlock),
    stepAside: write(stepAside),
    stepBack: write(stepBack),
    holdersToAskAbout: note(holdersToAskAbout),
    runsNotBegun: read(runsNotBegun),
    runsToTell: read(runsToTell),
    noteTold: write(noteTold),
    listLanes: read(listLanes),
    setLaneMode: write(setLaneMode),
    moveAhead: write(moveAhead),
    setLaneLimit: write(setLaneLimit),
    openWait: write(openWait),
    closeWait: write(closeWait),
    freeWait: write(freeWait),
    givenToWait: read(givenToWait),
    closeWaits: write(closeWaits),
    placesToLookAt: read(placesToLookAt),
    readWaits: read(readWaits),
    giveWaits: write(giveWaits),
    listWaits: read(listWaits),
    waitersToAskAbout: note(waitersToAskAbout),
    findDeliveries: read(findDeliveries),
    findStart: read(findStart),
    readBody: read(readBody),
    knownKeys: read(knownKeys),
    listDeliveries: read(listDeliveries),
    earlierAlike: read(earlierAlike),
    arrivalTimes: read(arrivalTimes),
    pruneDeliveries: write(pruneDeliveries),
    pruneLargeBodies: write(pruneLargeBodies),
    appendLines: write(appendLines),
    readLines: read(readLines),
    logExtent: read(logExtent),
    searchLines: read(searchLines),
    listJobs: read(listJobs),
    pruneLines: write(pruneLines),
    upsertRecord: write(upsertRecord),
    removeRecord: write(removeRecord),
    getRecord: read(getRecord),
    listRecords: read(listRecords),
    addAttempt: write(addAttempt),
    listAttempts: read(listAttempts),
    pruneAttempts: write(pruneAttempts),
    forgetDelivery: write(forgetDelivery),
    forgetRun: write(forgetRun),
    forgetLanes: write(forgetLanes),
    scanRecords: read(scanRecords),
  };
}
