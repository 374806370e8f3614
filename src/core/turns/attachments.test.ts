import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PDF, png } from '../../../test/fixtures/pictures.ts';
import {
  ATTACHMENT_LIMITS,
  readAttachment,
  refusedUnseen,
  sizeInWords,
  type ReadFile,
} from './attachments.ts';

const { imageBytes, pdfBytes, textBytes, totalBytes } = ATTACHMENT_LIMITS;
const bytes = (start: string, size = start.length + 8): Buffer => {
  const all = Buffer.alloc(size, 'a');
  all.write(start, 'latin1');
  return all;
};
const reasonOf = (content: Uint8Array, name = 'a.txt'): string => {
  const read = readAttachment(name, content);
  return read.kind === 'refused' ? read.reason : `taken as ${read.file.kind}`;
};

/** Nothing but a byte order mark is lost of what is taken. */
function isFaithful(read: ReadFile, data: Buffer): boolean {
  if (read.kind === 'refused') return read.reason !== '';
  if (read.file.kind !== 'text') return read.file.data === data;
  const text = Buffer.from(read.file.text);
  return text.equals(data) || Buffer.concat([Buffer.from('\uFEFF'), text]).equals(data);
}

describe('a file that was sent', () => {
  it.each([
    ['image/jpeg', bytes('\xff\xd8\xff\xe0')],
    ['image/png', png(2, 2)],
    ['image/gif', bytes('GIF89a')],
    ['image/webp', bytes('RIFF\x10\0\0\0WEBPVP8 ')],
  ])('is an image by its bytes, whatever it is called: %s', (mediaType, data) => {
    expect(readAttachment('notes.exe', data)).toEqual({
      kind: 'taken',
      file: { kind: 'image', fileName: 'notes.exe', mediaType, data },
    });
  });

  it('is a PDF or text by its bytes', () => {
    expect(readAttachment('a.png', PDF)).toMatchObject({ file: { kind: 'pdf', data: PDF } });
    expect(readAttachment('a.png', Buffer.from('\uFEFFgrüße\r\n'))).toEqual({
      kind: 'taken',
      file: { kind: 'text', fileName: 'a.png', text: 'grüße\r\n' },
    });
  });

  it.each([
    ['PK\x03\x04', 'ZIP archive or an Office document'],
    ['\x1f\x8b\x08', 'an archive'],
    ['\0\0\0\x18ftypheic', 'HEIC'],
    ['\0\0\0\x18ftypisom', 'a video'],
    ['OggS', 'a sound recording'],
    ['\xff\xfeh\0i\0', 'UTF-16'],
    ['%PDF-1.7 trailer<</Encrypt 5 0 R>>', 'protected with a password'],
    ['\x7fELF\x02\x01\x01\0', 'neither an image, a PDF nor text'],
    ['caf\xe9', 'neither an image, a PDF nor text'],
    ['a\0b', 'neither an image, a PDF nor text'],
  ])('that begins with %j is refused by name', (start, reason) => {
    expect(reasonOf(bytes(start))).toContain(reason);
  });

  it('that is empty, or nothing but white space, is refused', () => {
    expect(reasonOf(new Uint8Array())).toBe('it is empty');
    expect(reasonOf(Buffer.from(' \n\t'))).toContain('nothing in it but white space');
  });

  it.each([
    ['\x89PNG\r\n\x1a\n', imageBytes, 'it is an image and has 5.1 MB, more than the 5 MB'],
    ['%PDF-1.7', pdfBytes, 'it is a PDF and has 20.1 MB, more than the 20 MB'],
    ['text', textBytes, 'it is a text file and has 256.1 KB, more than the 256 KB'],
  ])('is taken up to its limit and not a byte more: %j', (start, limit, reason) => {
    expect(reasonOf(bytes(start, limit))).toContain('taken as');
    expect(reasonOf(bytes(start, limit + 1))).toContain(reason);
  });

  it('is not even fetched when its sender says that it can’t be taken', () => {
    const file = { ref: 'r', fileName: 'f', mediaType: 'Video/mp4' };
    expect(refusedUnseen(file)).toBe('it is a video');
    expect(refusedUnseen({ ...file, mediaType: 'audio/ogg' })).toBe('it is a sound recording');
    expect(refusedUnseen({ ...file, mediaType: 'text/plain', sizeBytes: totalBytes + 1 })).toContain(
      '20.1 MB',
    );
    expect(refusedUnseen({ ...file, mediaType: 'text/plain', sizeBytes: totalBytes })).toBeUndefined();
  });

  it('never makes reading throw, and what is taken is what was sent', () => {
    const marks = [
      '',
      '%PDF-',
      '\x89PNG\r\n\x1a\n',
      'RIFF',
      'GIF89a',
      '\xff\xd8\xff',
      'PK\x03\x04',
      '\xef\xbb\xbf',
    ];
    const sent = fc
      .tuple(fc.constantFrom(...marks), fc.uint8Array({ maxLength: 64 }))
      .map(([mark, rest]) => Buffer.concat([Buffer.from(mark, 'latin1'), rest]));
    fc.assert(
      fc.property(sent, (data) => {
        expect(isFaithful(readAttachment('f', data), data)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('has a size in words that never falls short of it', () => {
    expect([0, 1023, 1024, 1536, textBytes, imageBytes, imageBytes + 1].map(sizeInWords)).toEqual([
      '0 bytes',
      '1023 bytes',
      '1 KB',
      '1.5 KB',
      '256 KB',
      '5 MB',
      '5.1 MB',
    ]);
  });
});
