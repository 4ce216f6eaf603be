/** Containers of one image, by the worker's docker or podman. */
export interface ContainerImage {
  /** As `docker pull` takes it: `node:22`, `ghcr.io/acme/build@sha256:…`. */
  readonly image: string;
  /** Name of the configuration's `jobs.container.registries` whose credentials the image is pulled with. */
  readonly registry?: string;
}

/**
 * Where a job's steps run: as the worker's user beside it, in a sandbox, or in containers: of the image that is named, or of the
 * configuration's.
 */
export type JobRunner = 'host' | 'sandbox' | 'container' | ContainerImage;
