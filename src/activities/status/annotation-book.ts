import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { RecordStore } from '../../store/store.js';

/** Where problems of a job are shown: at the lines of a commit, or in a comment on a pull request. */
export interface AnnotatedPlace {
  readonly source: string;
  /** `owner/name` */
  readonly repository: string;
  /** The job, as its commit status is called. */
  readonly context: string;
  readonly on: { readonly sha: string } | { readonly pullRequest: number };
}

/** What Hookyard has shown of problems, so that what is over is removed, and an older run shows nothing over a newer one. */
export interface AnnotationBook {
  /** Returns whether problems are shown there. */
  isShown(place: AnnotatedPlace): Promise<boolean>;
  /**
   * Has `write` show as many problems, none included, unless a later run has shown its own there (`older`), or there is none to
   * remove (`nothing`). `order` sorts runs, as of commit statuses. Throws what `write` throws.
   */
  show(
    place: AnnotatedPlace,
    of: { readonly problems: number; readonly order: string },
    write: () => Promise<void>,
  ): Promise<'written' | 'older' | 'nothing'>;
}

/** What is shown where: a collection that automations can't write to. Stored: the name stays. */
export const ANNOTATIONS = 'hookyard.annotations';

const shownSchema = z.object({ source: z.string(), repository: z.string(), problems: z.int().min(0) });

/** Returns the book that the store keeps. */
export function createAnnotationBook(records: Pick<RecordStore, 'get' | 'upsert'>): AnnotationBook {
  const read = async (place: AnnotatedPlace) => {
    const row = await records.get(ANNOTATIONS, keyOf(place));
    return row && { order: String(row.version), problems: shownSchema.safeParse(row.data).data?.problems ?? 0 };
  };
  return {
    isShown: async (place) => ((await read(place))?.problems ?? 0) > 0,
    async show(place, { problems, order }, write) {
      const { source, repository } = place;
      const note = () =>
        records.upsert({
          ...{ collection: ANNOTATIONS, key: keyOf(place), version: order },
          data: { source, repository, problems },
        });
      const before = await read(place);
      if (before && before.order > order) return 'older';
      if (problems === 0 && !before?.problems) return 'nothing';
      // What may be there is known as being there: noted before it is written, and after it is removed.
      if (problems > 0 && (await note()) === 'older') return 'older';
      await write();
      if (problems === 0) await note();
      return 'written';
    },
  };
}

function keyOf({ source, repository, context, on }: AnnotatedPlace): string {
  const place = 'sha' in on ? on.sha : `#${on.pullRequest}`;
  const hash = createHash('sha256')
    .update(JSON.stringify([repository, context]))
    .digest('hex')
    .slice(0, 32);
  return `${source}${place.startsWith('#') ? '' : '#'}${place}#${hash}`;
}
