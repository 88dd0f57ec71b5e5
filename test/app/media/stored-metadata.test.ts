import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mediaItem, type MediaItem } from '../../../app/media/media.schema.ts';
import { caseFile } from '../../support/cases.ts';
import { createTestApp, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { tagsOf, withTags, type Tag } from '../../support/media/exiftool.ts';
import { MAKERS, smooth, type Specimen } from '../../support/media/specimens.ts';
import { blobOf, VIDEO_MAKERS } from '../../support/media/videos.ts';
import { TRACED_VIDEOS, SECRET_DEVICE, SECRET_PLACE } from '../../support/media/traced-videos.ts';

let app: TestApp;
let aino: Visitor;
beforeAll(async () => {
  app = await createTestApp({ OCR: 'off' });
  aino = await app.admin();
  await app.work();
});
afterAll(() => app[Symbol.asyncDispose]());

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

/**
 * The tags a stored file may have: its structure and how it is decoded. Any other tag fails. Groups
 * are exiftool's; tracks count as one.
 */
const ALLOWED: Readonly<Record<string, ReadonlySet<string>>> = {
  File: words(`
    BitsPerSample ColorComponents EncodingProcess FileType FileTypeExtension ImageHeight
    ImageWidth MIMEType YCbCrSubSampling`),
  GIF: words(`
    AnimationIterations BackgroundColor BitsPerPixel ColorResolutionDepth Duration FrameCount
    GIFVersion HasColorMap ImageHeight ImageWidth TransparentColor`),
  Matroska: words(`
    CueClusterPosition CueTime CueTrack DocType DocTypeReadVersion DocTypeVersion Duration
    EBMLMaxIDLength EBMLMaxSizeLength EBMLReadVersion EBMLVersion Matroska_0x0070 SeekID
    SeekPosition TagTrackUID TimecodeScale`),
  Meta: words(`
    PrimaryItemReference`),
  PNG: words(`
    BitDepth ColorType Compression Filter ImageHeight ImageWidth Interlace`),
  'PNG-pHYs': words(`
    PixelUnits PixelsPerUnitX PixelsPerUnitY`),
  QuickTime: words(`
    AV1ConfigurationVersion ChromaFormat ChromaSamplePosition CompatibleBrands CurrentTime
    Duration HandlerType HighBitDepth ImagePixelDepth ImageSpatialExtent InitialDelaySamples
    MajorBrand MatrixStructure MediaData MediaDataOffset MediaDataSize MinorVersion
    MovieFragmentSequence MovieHeaderVersion NextTrackID PosterTime PreferredRate
    PreferredVolume PreviewDuration PreviewTime SelectionDuration SelectionTime SeqLevelIdx0
    SeqProfile SeqTier0 TimeScale TwelveBit Unknown_mfra Unknown_mvex Unknown_tfdt Unknown_tfhd
    Unknown_trun`),
  RIFF: words(`
    AnimationLoopCount BackgroundColor Duration HorizontalScale ImageHeight ImageWidth
    VP8Version VerticalScale WebP_Flags`),
  Track: words(`
    AVCConfiguration AudioBitsPerSample AudioChannels AudioFormat AudioSampleRate AverageBitrate
    Balance BitDepth BufferSize ChunkOffset CodecID CompositionTimeToSample CompressorID
    GraphicsMode HandlerType IdependentAndDisposableSamples ImageHeight ImageWidth LayoutFlags
    MatrixStructure Matroska_0x15b0 MaxBitrate MediaDuration MediaHeaderVersion MediaTimeScale
    OpColor PixelAspectRatio PurchaseFileFormat SampleGroupDescription SampleSizes SampleToChunk
    SampleToGroup SourceImageHeight SourceImageWidth SyncSampleTable TimeToSampleTable
    TrackDefault TrackDuration TrackHeaderVersion TrackID TrackLacing TrackLayer TrackNumber
    TrackType TrackUID TrackVolume Unknown_av1C Unknown_btrt Unknown_edts Unknown_esds
    Unknown_hvcC Unknown_mp4a VideoFieldOrder VideoFrameRate VideoScanType XResolution
    YResolution`),
};

/** Groups of colour profiles. They stay whole, because the colours depend on them. */
const ICC = /^ICC/;
/** Groups about the file on this disk, of exiftool itself, and computed from the others. */
const NOT_IN_THE_FILE = /^(System|ExifTool|Composite)$/;

const NO_TIME = /^0000:00:00 00:00:00$/;
const ZEROS = /^(|\(Binary data \d+ bytes.*)$/;
/** ffmpeg's name for itself and its encoders. It identifies no device. */
const FFMPEG = /^(|Lavf[\d.]*|Lavc[\d.]* \w+|FFmpeg)$/;
/** Tags allowed only with some values. */
const VALUES: Readonly<Record<string, RegExp>> = {
  CreateDate: NO_TIME,
  ModifyDate: NO_TIME,
  TrackCreateDate: NO_TIME,
  TrackModifyDate: NO_TIME,
  MediaCreateDate: NO_TIME,
  MediaModifyDate: NO_TIME,
  MuxingApp: FFMPEG,
  WritingApp: FFMPEG,
  Encoder: FFMPEG,
  CompressorName: FFMPEG,
  VendorID: FFMPEG,
  // ffmpeg writes Apple's code before its own name.
  HandlerVendorID: /^Apple$/,
  HandlerDescription: /^(|VideoHandler|SoundHandler|DataHandler)$/,
  HandlerClass: /^(Media|Data) Handler$/,
  Free: ZEROS,
  Unknown_free: ZEROS,
  Wide: ZEROS,
  // 32767: QuickTime's code for no language.
  MediaLanguageCode: /^(und|eng|Unknown \(32767\))$/,
  TrackLanguage: /^(und|eng)$/,
};

/** Returns the tags that exiftool finds and the list does not allow. */
function violations(bytes: Uint8Array, extension: string): string[] {
  const found = tagsOf(bytes, extension).filter(({ group, name, value }: Tag) => {
    if (NOT_IN_THE_FILE.test(group) || ICC.test(group)) return false;
    const values = VALUES[name];
    return values ? !values.test(value) : !ALLOWED[group.replace(/^Track\d+$/, 'Track')]?.has(name);
  });
  return found.map(({ group, name, value }) => `${group}:${name}=${value.slice(0, 80)}`);
}

async function stored(
  bytes: Buffer,
  name: string,
): Promise<{ kind: string; bytes: Buffer; extension: string }[]> {
  const response = await aino.upload(blobOf(bytes), name);
  expect(response.status, await response.clone().text()).toBe(201);
  const { id } = mediaItem.parse(await response.json());
  const get = async (): Promise<MediaItem> =>
    mediaItem.parse(await (await aino.request(`/api/media/${id}`)).json());
  await expect.poll(async () => (await get()).state).toBe('ready');
  const item = await get();
  const urls = {
    original: item.url,
    thumb: item.thumbUrl,
    poster: item.posterUrl,
    preview: item.previewUrl,
    playback: item.playbackUrl,
  };
  const files = [];
  for (const [kind, url] of Object.entries(urls)) {
    if (url === null) continue;
    const answer = await aino.request(url);
    const subtype = (answer.headers.get('content-type') ?? '').split('/')[1] ?? '';
    const extension = subtype === 'quicktime' ? 'mov' : subtype;
    files.push({ kind, bytes: Buffer.from(await answer.arrayBuffer()), extension });
  }
  // Specimens that differ in metadata only are stored as the same file.
  await app.deps.db.deleteFrom('media').where('id', '=', id).execute();
  return files;
}

const tracing = (...names: string[]) => names.map((name) => `-${name}=${SECRET_DEVICE}`);
const EXIF = [...tracing('EXIF:Make', 'EXIF:Artist'), '-EXIF:GPSLatitude=60.1699', '-EXIF:GPSLatitudeRef=N'];
const XMP = tracing('XMP-dc:Creator', 'XMP-exif:UserComment');
const TIME = ['-EXIF:DateTimeOriginal=2024:05:06 07:08:09'];

/** Pictures with all metadata that exiftool can write. */
const TRACED_PICTURES: readonly (readonly [Specimen, string, readonly string[]])[] = [
  [
    'jpeg',
    'jpg',
    [...EXIF, ...TIME, ...XMP, ...tracing('IPTC:By-line', 'Comment', 'Photoshop:CopyrightFlag')],
  ],
  ['progressive', 'jpg', [...EXIF, ...XMP]],
  ['png', 'png', [...EXIF, ...TIME, ...XMP, ...tracing('PNG:Author', 'PNG:Comment')]],
  ['gif', 'gif', [...XMP, ...tracing('Comment')]],
  ['webp', 'webp', [...EXIF, ...TIME, ...XMP]],
  ['losslessWebp', 'webp', [...EXIF, ...XMP]],
  ['animatedWebp', 'webp', [...EXIF, ...XMP]],
  ['avif', 'avif', [...EXIF, ...TIME, ...XMP]],
];

/** exiftool needs the extension of a format. */
const extensionOf = (name: string) => (/mov/i.test(name) ? 'mov' : /webm/i.test(name) ? 'webm' : 'mp4');

async function expectNothingStored(bytes: Buffer, name: string): Promise<void> {
  for (const file of await stored(bytes, name)) {
    expect(violations(file.bytes, file.extension), `${name}, ${file.kind}`).toEqual([]);
    for (const secret of [SECRET_DEVICE, SECRET_PLACE])
      expect(file.bytes.includes(secret), `${secret} in ${name}, ${file.kind}`).toBe(false);
  }
}

describe('exiftool finds nothing but structure in what is stored', () => {
  it.each(TRACED_PICTURES)('of a picture: %s', async (name, extension, tags) => {
    const bytes = withTags(await MAKERS[name](), extension, tags);
    expect(violations(bytes, extension).length).toBeGreaterThan(2);
    await expectNothingStored(bytes, name);
  });

  it('of a photo with a colour profile, which stays', async () => {
    const profiled = await (await smooth()).withIccProfile('p3').jpeg().toBuffer();
    const [original] = await stored(withTags(profiled, 'jpg', EXIF), 'profiled.jpg');
    expect(violations(original?.bytes ?? Buffer.alloc(0), 'jpg')).toEqual([]);
    expect(tagsOf(original?.bytes ?? Buffer.alloc(0), 'jpg').some(({ group }) => ICC.test(group))).toBe(true);
  });

  it('of a HEIC photo', async () => {
    const bytes = withTags(await readFile(caseFile('photo.heic')), 'heic', [...EXIF, ...TIME, ...XMP]);
    expect(violations(bytes, 'heic').length).toBeGreaterThan(2);
    await expectNothingStored(bytes, 'photo.heic');
  });

  it.each(Object.entries(TRACED_VIDEOS))('of a video: %s', async (name, make) => {
    const bytes = make();
    // The samples of captions and timed metadata contain it too, as the name says.
    expect(bytes.includes(SECRET_PLACE)).toBe(true);
    expect(violations(bytes, extensionOf(name)).length).toBeGreaterThan(2);
    await expectNothingStored(bytes, name);
  });

  it.each(Object.entries(VIDEO_MAKERS))('of a plain %s', async (name, make) => {
    await expectNothingStored(make(), name);
  });
});
