import type { LaneClaim, OnBusy } from '../../src/lanes/concurrency.js';

/** A run in the model of a lane. */
interface ModelRun {
  readonly id: string;
  readonly onBusy: OnBusy;
  readonly limit: number;
  readonly arrived: number;
  state: 'waits' | 'runs' | 'aside';
  isTold: boolean;
}

/**
 * What one lane is to do with runs that Temporal began by itself, of one automation, told as briefly as can be: a list of runs in
 * the order of their arrival, and after each change a loop that lets on the first as long as there is room.
 */
export class LaneModel {
  readonly #runs: ModelRun[] = [];
  readonly #ended = new Map<string, string>();
  #isPaused = false;
  #arrived = 0;

  /** How all runs stand that have ever entered, in words. */
  standing(): Record<string, string> {
    const live = this.#runs.map(({ id, state, isTold }) => [id, isTold ? `${state}, told to end` : state]);
    return Object.fromEntries([...this.#ended, ...live]);
  }

  enter(id: string, { onBusy, limit }: Pick<LaneClaim, 'onBusy' | 'limit'>): void {
    if (this.#ended.has(id) || this.#find(id)) return;
    this.#arrived += 1;
    const run: ModelRun = { id, onBusy, limit, arrived: this.#arrived, state: 'waits', isTold: false };
    const isBusy = this.#isPaused || this.#in('waits').length > 0 || this.#in('runs').length >= limit;
    if (isBusy && onBusy === 'reject') {
      this.#ended.set(id, 'refused');
      return;
    }
    this.#replaceOlder(run);
    this.#runs.push(run);
    this.#letOn();
  }

  leave(id: string): void {
    this.#remove(id);
    this.#letOn();
  }

  stepAside(id: string): void {
    const run = this.#find(id);
    if (run?.state !== 'runs') return;
    run.state = 'aside';
    this.#letOn();
  }

  stepBack(id: string): void {
    const run = this.#find(id);
    if (run?.state !== 'aside') return;
    const newer = this.#runs.filter(
      (other) =>
        other.arrived > run.arrived &&
        ((other.state === 'waits' && ['keep-newest', 'cancel-running'].includes(run.onBusy)) ||
          (other.state === 'runs' && run.onBusy === 'cancel-running')),
    );
    if (newer.length > 0) {
      this.#remove(id);
      this.#ended.set(id, 'superseded');
    } else {
      this.#replaceOlder(run);
      run.state = 'waits';
    }
    this.#letOn();
  }

  pause(isPaused: boolean): void {
    this.#isPaused = isPaused;
    this.#letOn();
  }

  #replaceOlder(run: ModelRun): void {
    if (run.onBusy !== 'keep-newest' && run.onBusy !== 'cancel-running') return;
    const others = this.#in('waits').filter((other) => other !== run);
    const isFree = others.length === 0 && this.#in('runs').length < run.limit;
    for (const { id } of others) {
      this.#remove(id);
      this.#ended.set(id, 'superseded');
    }
    if (run.onBusy !== 'cancel-running' || this.#isPaused) return;
    for (const other of this.#runs)
      if (other.arrived < run.arrived && (other.state === 'aside' || !isFree)) other.isTold = true;
  }

  #letOn(): void {
    if (this.#isPaused) return;
    for (;;) {
      const [first] = this.#in('waits');
      if (!first || this.#in('runs').length >= first.limit) return;
      first.state = 'runs';
    }
  }

  #in(state: ModelRun['state']): ModelRun[] {
    return this.#runs.filter((run) => run.state === state).sort((a, b) => a.arrived - b.arrived);
  }

  #find(id: string): ModelRun | undefined {
    return this.#runs.find((run) => run.id === id);
  }

  #remove(id: string): void {
    const at = this.#runs.findIndex((run) => run.id === id);
    if (at >= 0) this.#runs.splice(at, 1);
  }
}
