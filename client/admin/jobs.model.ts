/** Dictionary key of each job type, by the name of its queue. */
const QUEUE_LABEL_KEYS = {
  'media.thumbnail': 'admin.work.thumbnail',
  'media.preview': 'admin.work.preview',
  'media.playback': 'admin.work.playback',
  'media.read-text': 'admin.work.read-text',
  'media.resume-text': 'admin.work.resume-text',
  'media.give-up': 'admin.work.give-up',
  'media.sync-addresses': 'admin.work.sync-addresses',
  'media.plan-remakes': 'admin.work.plan-remakes',
  'media.remake-thumbnail': 'admin.work.remake-thumbnail',
  'media.plan-hashes': 'admin.work.plan-hashes',
  'media.hash-content': 'admin.work.hash-content',
  'media.find-duplicates': 'admin.work.find-duplicates',
  'media.fetch': 'admin.work.fetch',
  'media.fetch-give-up': 'admin.work.fetch-give-up',
  'media.discard-objects': 'admin.work.discard-objects',
  'media.empty-trash': 'admin.work.empty-trash',
  'media.housekeeping': 'admin.work.housekeeping',
  'shares.end-addresses': 'admin.work.end-addresses',
  'shares.end-cards': 'admin.work.end-cards',
  'uploads.finish': 'admin.work.finish-upload',
  'uploads.discard': 'admin.work.discard-parts',
  'uploads.sweep': 'admin.work.sweep-uploads',
  'search.backfill': 'admin.work.search-backfill',
  'backup.nightly': 'admin.work.backup',
  'account.close': 'admin.work.close-accounts',
} as const;

const isKnown = (queue: string): queue is keyof typeof QUEUE_LABEL_KEYS =>
  Object.hasOwn(QUEUE_LABEL_KEYS, queue);

/** Dictionary key of a queue; `null` for a queue that only a newer server knows. */
export const queueLabelKey = (
  queue: string,
): (typeof QUEUE_LABEL_KEYS)[keyof typeof QUEUE_LABEL_KEYS] | null =>
  isKnown(queue) ? QUEUE_LABEL_KEYS[queue] : null;
