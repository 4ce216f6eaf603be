import { defineConfig, env, generated, optionalEnv } from 'hookyard/config';

// Secrets are named here and never written here, so this file can be committed. README.md lists every option.
export default defineConfig({
  sources: {
    // POST /webhooks/github: set this address and the secret in the repository's webhook settings.
    github: {
      kind: 'github',
      secrets: [env('GITHUB_WEBHOOK_SECRET', { otherwise: generated('github-webhook-secret') })],
      api: { token: optionalEnv('GITHUB_TOKEN') },
    },
    // POST /webhooks/demo: speaks as GitHub does, and its repositories are folders made by `hookyard demo`.
    demo: {
      kind: 'github',
      secrets: [generated('demo-webhook-secret')],
      clone: { url: '{data}/demo/{fullName}.git' },
    },
  },
  // Builds see their workspace, the system's programs and the internet, where this machine can make a sandbox with network. 'host': all of the machine.
  jobs: { runner: 'auto' },
  channels: {
    slack: { releases: { url: optionalEnv('SLACK_WEBHOOK_URL') } },
  },
});
