/**
 * How the first bytes identify a format.
 *
 * - `starts`: one of these texts (latin-1) from its byte offset on. All offsets of one object must
 *   match.
 * - `brands`: a brand of an ISO base media file (ISO/IEC 14496-12 §4.3)
 * - `docType`: the document type of an EBML file (RFC 8794 §11.2.6)
 */
export interface Signature {
  readonly starts?: readonly Readonly<Record<number, string>>[];
  readonly brands?: RegExp;
  readonly docType?: string;
}

interface Described extends Signature {
  /** Name of the format in messages and documents. */
  readonly label: string;
  readonly mime: string;
  /** Extension of object keys and downloads. */
  readonly extension: string;
  /** The format that an upload is converted to; the original is not stored. */
  readonly storedAs?: string;
}

interface PictureEntry extends Described {
  readonly family: 'picture';
}

interface VideoEntry extends Described {
  readonly family: 'video';
  /** The part of ffmpeg that reads the container. */
  readonly demuxer: 'mov' | 'matroska';
  /** Options by which ffmpeg writes the container, without a track of its own. */
  readonly muxer: readonly string[];
  /** Whether browsers play the container: with any codec of it, with some, or not at all. */
  readonly plays: 'always' | 'by codec' | 'never';
}

/** A MOV or MP4 that begins with its index. Without the option, ffmpeg adds a time-code track. */
const ISO_OPTIONS = ['-movflags', '+faststart', '-write_tmcd', '0'] as const;

/**
 * The accepted formats; no other module lists them. Sniffing, content types, object keys, archives
 * and messages derive from this table. The compiler demands the code of a new format: how to strip
 * its metadata, and how to convert it. Tests demand its rows in docs/media.md.
 *
 * `sniffFormat` takes the first match: stills come first, because they also list brands of videos.
 *
 * @example
 * FORMATS.jpeg.mime; // 'image/jpeg'
 */
export const FORMATS = {
  jpeg: {
    family: 'picture',
    label: 'JPEG',
    mime: 'image/jpeg',
    extension: 'jpg',
    starts: [{ 0: '\u00ff\u00d8\u00ff' }],
  },
  png: {
    family: 'picture',
    label: 'PNG',
    mime: 'image/png',
    extension: 'png',
    starts: [{ 0: '\u0089PNG\r\n\u001a\n' }],
  },
  webp: {
    family: 'picture',
    label: 'WebP',
    mime: 'image/webp',
    extension: 'webp',
    starts: [{ 0: 'RIFF', 8: 'WEBP' }],
  },
  gif: {
    family: 'picture',
    label: 'GIF',
    mime: 'image/gif',
    extension: 'gif',
    starts: [{ 0: 'GIF87a' }, { 0: 'GIF89a' }],
  },
  avif: {
    family: 'picture',
    label: 'AVIF',
    mime: 'image/avif',
    extension: 'avif',
    brands: /^avi[fs]$/,
  },
  heic: {
    family: 'picture',
    label: 'HEIC',
    mime: 'image/heic',
    extension: 'heic',
    storedAs: 'jpeg',
    // HEVC-coded stills and bursts of ISO/IEC 23008-12.
    brands: /^(hei[cxms]|hev[cxms])$/,
  },
  mp4: {
    family: 'video',
    label: 'MP4',
    mime: 'video/mp4',
    extension: 'mp4',
    demuxer: 'mov',
    muxer: ['-f', 'mp4', ...ISO_OPTIONS],
    plays: 'by codec',
    brands:
      /^(isom|iso[2-9a-c]|mp4[12]|avc1|hvc1|M4V[ HP]?|MSNV|dash|mmp4|f4v |3g[a-z0-9]{2}|av01|cmfc|msdh|msix)$/,
  },
  webm: {
    family: 'video',
    label: 'WebM',
    mime: 'video/webm',
    extension: 'webm',
    demuxer: 'matroska',
    muxer: ['-f', 'webm'],
    plays: 'always',
    docType: 'webm',
  },
  mov: {
    family: 'video',
    label: 'MOV',
    mime: 'video/quicktime',
    extension: 'mov',
    demuxer: 'mov',
    muxer: ['-f', 'mov', ...ISO_OPTIONS],
    plays: 'never',
    brands: /^qt {2}$/,
    // An early QuickTime file has no brands and begins directly with one of its boxes.
    starts: [{ 4: 'moov' }, { 4: 'mdat' }, { 4: 'wide' }, { 4: 'pnot' }],
  },
} as const satisfies Readonly<Record<string, PictureEntry | VideoEntry>>;

/** A format that uploads may have. */
export type Format = keyof typeof FORMATS;
type FormatWith<Part> = {
  [Name in Format]: (typeof FORMATS)[Name] extends Part ? Name : never;
}[Format];
export type VideoFormat = FormatWith<{ family: 'video' }>;
/** A format that is not stored: uploads are converted to another. */
export type ConvertedFormat = FormatWith<{ storedAs: string }>;
export type StoredFormat = Exclude<Format, ConvertedFormat>;

/** All formats, in the order of {@link FORMATS}. */
export const FORMAT_NAMES = Object.keys(FORMATS).filter((name): name is Format =>
  Object.hasOwn(FORMATS, name),
);
/** Returns the format of a content type; undefined for one that is not accepted. */
export const formatOf = (mime: string): Format | undefined =>
  FORMAT_NAMES.find((name) => FORMATS[name].mime === mime);

/** Names of the accepted formats in messages. */
export const FORMAT_LABELS = FORMAT_NAMES.map((name) => FORMATS[name].label);

export const isVideo = (format: Format): format is VideoFormat => FORMATS[format].family === 'video';
export const isStored = (format: Format): format is StoredFormat => !('storedAs' in FORMATS[format]);
