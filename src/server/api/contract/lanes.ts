import type { LaneMode, LaneRecord } from '../../../store/store.js';

/** `GET /api/lanes?named=<part of a title>&limit=&after=`: a page, by title. */
export interface LanesAnswer {
  readonly lanes: readonly LaneRecord[];
  /** The `after` of the next page; absent on the last one. */
  readonly next?: string;
}

/** `POST /api/lanes/mode` */
export interface LaneChangeAnswer {
  readonly lane: string;
  readonly title: string;
  readonly mode: LaneMode;
  /** Nobody was in it yet: it is so once the first enters. */
  readonly ahead?: true;
}

/** `POST /api/lanes/move` */
export interface LaneMoveAnswer {
  /** Workflow id of the run that is the next now. */
  readonly run: string;
}
