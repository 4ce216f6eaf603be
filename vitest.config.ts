import { defineConfig } from 'vitest/config';

/**
 * Servers that are killed, loaded or waited for, and programs that are started again and again: part of `.ci/run`, and not
 * of every `npm test`.
 */
const SLOW = [
  'test/activities/job/clone-credentials.test.ts',
  'test/activities/job/hostile-names.test.ts',
  'test/activities/job/mirror-trouble.test.ts',
  'test/activities/job/refused-commits.test.ts',
  'test/activities/reconcile/asked-again.test.ts',
  'test/activities/reconcile/github.test.ts',
  'test/activities/reconcile/gitlab.test.ts',
  'test/activities/reconcile/killed-worker.test.ts',
  'test/activities/reconcile/renamed.test.ts',
  'test/activities/reconcile/sweep.test.ts',
  'test/activities/status/stuck-run.test.ts',
  'test/cli/backup.test.ts',
  'test/cli/clients.test.ts',
  'test/cli/connect.test.ts',
  'test/cli/doctor.test.ts',
  'test/cli/exit-codes.test.ts',
  'test/cli/forget.test.ts',
  'test/cli/no-room.test.ts',
  'test/cli/orphans.test.ts',
  'test/cli/poison-runs.test.ts',
  'test/cli/process-one.test.ts',
  'test/cli/processes/set-aside.test.ts',
  'test/cli/processes/stuck-watch.test.ts',
  'test/cli/refused-bundle.test.ts',
  'test/cli/secrets.test.ts',
  'test/cli/send.test.ts',
  'test/cli/stuck-runs.test.ts',
  'test/cli/temporal-away.test.ts',
  'test/cli/worker-process.test.ts',
  'test/deploy/alerts.test.ts',
  'test/deploy/ready.test.ts',
  'test/dispatch/part-of-temporal.test.ts',
  'test/dispatch/poison.test.ts',
  'test/e2e/backup.test.ts',
  'test/e2e/kill.test.ts',
  'test/e2e/payment.test.ts',
  'test/e2e/poison.test.ts',
  'test/faults/attacks.test.ts',
  'test/faults/backpressure.test.ts',
  'test/faults/short.test.ts',
  'test/server/field-forms.test.ts',
  'test/server/stuck-runs-away.test.ts',
  'test/store/migrate-command.test.ts',
  'test/store/postgres-import.test.ts',
  'test/store/shared-store.test.ts',
  'test/temporal/dev-server-killed.test.ts',
  'test/temporal/dev-server.test.ts',
  'test/worker/bundle-again.test.ts',
  'test/worker/eager.test.ts',
  'test/worker/refused-worker.test.ts',
  'test/worker/stop-after-edit.test.ts',
  'test/worker/stop-during-reload.test.ts',
  'test/workflows/run/approval.test.ts',
  'test/workflows/run/ends.test.ts',
  'test/workflows/run/wait-out.test.ts',
];

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: process.env.ALL_TESTS ? [] : SLOW,
    globalSetup: ['test/support/global-setup.ts'],
    reporters: ['default', './test/support/closing-line.ts'],
    // Real servers and real processes: slow to start now and then, never slow to finish.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Loading Temporal's SDK takes longer than most files run: a process goes on with the next file, and keeps it loaded.
    isolate: false,
    // Many tests wait for servers more than they work.
    maxWorkers: 4,
  },
});
