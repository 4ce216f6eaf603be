// Loaded before Hookyard, into a test's process only: its clock, and that of its threads, is off by the milliseconds
// that a file holds. `node --import 'file:///…/clock.mjs?file=/path'`.
import { readFileSync } from 'node:fs';
import { createRequire, syncBuiltinESMExports } from 'node:module';

const file = new URL(import.meta.url).searchParams.get('file');
const real = Date.now.bind(Date);
const LOOK_EVERY_MS = 50;
let offBy = 0;
let lookedAt = Number.NEGATIVE_INFINITY;

function shifted() {
  if (performance.now() - lookedAt > LOOK_EVERY_MS) {
    lookedAt = performance.now();
    try {
      offBy = Number(readFileSync(file, 'utf8')) || 0;
    } catch {
      offBy = 0;
    }
  }
  return real() + offBy;
}

class ShiftedDate extends Date {
  constructor(...args) {
    if (args.length === 0) super(shifted());
    else super(...args);
  }
  static now() {
    return shifted();
  }
}
globalThis.Date = ShiftedDate;

// The store's thread begins without the options of its process.
const threads = createRequire(import.meta.url)('node:worker_threads');
const { Worker } = threads;
threads.Worker = class extends Worker {
  constructor(module, options = {}) {
    super(module, { ...options, execArgv: [...(options.execArgv ?? []), '--import', import.meta.url] });
  }
};
syncBuiltinESMExports();
