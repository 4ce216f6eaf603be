import { comment, pullRequest, push, release, status, tag } from '../../dist/triggers/index.js';

/** The one that the bench's pushes start, in every set. */
const ci = { name: 'ci', on: [push({ branches: ['main'], paths: ['packages/**'] }), pullRequest()], file: 'ci.ts' };

/** What large installations listen to: every kind of filter, and none that a push of the bench passes. */
const KINDS = [
  (n) => push({ branches: [`release/${n}.*`, '!release/*-rc'], paths: [`packages/p${n}/**`] }),
  (n) => push({ branches: ['main'], paths: [`services/s${n}/**`, `libs/{a,b}${n}/**/*.ts`, '!**/*.md'] }),
  (n) => push({ branches: ['main'], repositories: [`team-${n}/*`] }),
  (n) => push({ branches: ['ma*n'], messages: [`deploy(${n}):*`], bots: false }),
  (n) => pullRequest({ branches: ['main'], labels: [`area-${n}`], paths: [`packages/p${n}/**`], draft: false }),
  (n) => pullRequest({ headBranches: [`feature/${n}-*`], allLabels: ['ready', `team-${n}`] }),
  (n) => tag({ tags: [`p${n}@*`, '!*-beta*'] }),
  (n) => comment({ commands: [`deploy-${n}`] }),
  (n) => release({ tags: [`v${n}.*`], prerelease: false }),
  (n) => status({ states: ['failure'], names: [`ci/job-${n}`], branches: ['main'] }),
];

/** As many automations as asked for. The same one runs for a push whatever the number: the rest look at it and refuse. */
export function automationsFor(count) {
  const others = Array.from({ length: count - 1 }, (_, n) => ({
    name: `automation${n}`,
    on: [KINDS[n % KINDS.length](n)],
    file: `automation${n}.ts`,
  }));
  return [...others.slice(0, Math.floor(others.length / 2)), ci, ...others.slice(Math.floor(others.length / 2))];
}
