import { artifact, automation, completed, runJob } from 'hookyard/workflow';

/** Puts side by side what the tests of `zones` have said in each of its zones, once it has ended: by the reports that its jobs have kept. */
export const zonesReport = automation(
  { on: completed('zones', { outcomes: ['passed', 'failed'] }) },
  async ({ event, run }) => {
    if (event.kind !== 'push') return;
    await runJob(event, {
      name: 'report',
      needs: ['UTC', 'Asia-Tokyo'].map((zone) => artifact.get(`tests-${zone}`, { run, dir: zone })),
      steps: ['node report.js UTC Asia-Tokyo | tee "$HOOKYARD_SUMMARY"'],
    });
  },
);
