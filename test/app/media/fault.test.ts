import { describe, expect, it } from 'vitest';
import { AppError } from '../../../app/http/errors.ts';
import { faultOf, isPermanent } from '../../../app/media/fault.ts';
import { FfmpegError } from '../../../app/media/ffmpeg/run.ts';
import { makeThumbnail } from '../../../app/media/formats/thumbnail.ts';
import { MalformedFile } from '../../../app/media/metadata/byte-ranges.ts';

const withCode = (code: string) => Object.assign(new Error(code), { code });

describe('whose fault a failure is', () => {
  it.each([
    ['file', new AppError('broken_file', 'Damaged.'), true],
    ['file', new AppError('unsupported_type', 'Not kept here.'), true],
    ['file', new MalformedFile('IDAT breaks off'), true],
    ['file', new Error('pngload: libpng read error'), true],
    ['file', new FfmpegError('failed', 'Invalid data found'), true],
    [
      'file',
      new Error('heif: Memory allocation error: Security limit exceeded: iloc box contains 9 items'),
      true,
    ],
    ['limit', new AppError('too_many_pixels', 'Too many.'), true],
    ['limit', new AppError('too_long', 'Too long.'), true],
    ['server', new AppError('unavailable', 'Later.'), false],
    ['server', new AppError('internal', 'Later.'), false],
    ['server', withCode('ENOSPC'), false],
    ['server', withCode('EMFILE'), false],
    ['server', new Error('could not write', { cause: withCode('EDQUOT') }), false],
    ['server', new Error('vips_tracked: out of memory -- size == 300MB'), false],
    ['server', new Error('Input file is missing: /tmp/x'), false],
    ['server', new FfmpegError('missing', 'no ffmpeg'), false],
    ['server', new FfmpegError('full', 'no room'), false],
    ['crash', new FfmpegError('killed', 'SIGSEGV'), false],
  ] as const)('%s: %s', (fault, error, permanent) => {
    expect([faultOf(error), isPermanent(error)]).toEqual([fault, permanent]);
  });

  it('says of a file that is gone that the server is to blame', async () => {
    await expect(makeThumbnail('/nowhere/picture.png', null)).rejects.toMatchObject({ code: 'unavailable' });
  });
});
