import type { ImageType, TurnFile } from '../ports/agent.ts';
import type { InboundFile } from '../ports/chat.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

/**
 * What the agent takes with a message. The Messages API takes images of 5 MB, and 32 MB a request in all; Base64 makes
 * three bytes four, so that 20 MiB are 28 MB there. Telegram lets a bot fetch 20 MB.
 */
export const ATTACHMENT_LIMITS = {
  imageBytes: 5 * MIB,
  pdfBytes: 20 * MIB,
  textBytes: 256 * KIB,
  /** Of all files of one turn together. */
  totalBytes: 20 * MIB,
  filesPerTurn: 10,
} as const;

/** For the person: what can be sent. */
export const WHAT_CAN_BE_SENT =
  `text, photos and images (JPEG, PNG, GIF, WebP, up to ${sizeInWords(ATTACHMENT_LIMITS.imageBytes)}), ` +
  `PDFs (${sizeInWords(ATTACHMENT_LIMITS.pdfBytes)}) and text files in UTF-8 (${sizeInWords(ATTACHMENT_LIMITS.textBytes)})`;

/** What a file turned out to be, or why it can't be taken: a clause, for the person and for the agent. */
export type ReadFile =
  { readonly kind: 'taken'; readonly file: TurnFile } | { readonly kind: 'refused'; readonly reason: string };

/** Why it need not even be fetched, from what its sender says of it. */
export function refusedUnseen({ mediaType, sizeBytes = 0 }: InboundFile): string | undefined {
  const [family] = mediaType.toLowerCase().split('/', 1);
  if (family === 'video') return 'it is a video';
  if (family === 'audio') return 'it is a sound recording';
  const most = ATTACHMENT_LIMITS.totalBytes;
  if (sizeBytes > most) return tooLarge('it', sizeBytes, most);
  return undefined;
}

/** Goes by the bytes alone, whatever the file is called. Never throws. */
export function readAttachment(fileName: string, bytes: Uint8Array): ReadFile {
  const { imageBytes, pdfBytes, textBytes } = ATTACHMENT_LIMITS;
  const size = bytes.length;
  if (size === 0) return refused('it is empty');
  const mediaType = imageTypeOf(bytes);
  if (mediaType !== undefined) {
    if (size <= imageBytes) return taken({ kind: 'image', fileName, mediaType, data: bytes });
    return refused(`${tooLarge('an image', size, imageBytes)}; sent as a photo it would be smaller`);
  }
  if (startsWith(bytes, '%PDF-')) {
    if (size > pdfBytes) return refused(tooLarge('a PDF', size, pdfBytes));
    if (includes(bytes, '/Encrypt')) return refused('it is a PDF that is protected with a password');
    return taken({ kind: 'pdf', fileName, data: bytes });
  }
  const known = KNOWN_KINDS.find(({ is }) => is(bytes));
  if (known !== undefined) return refused(`it is ${known.name}`);
  const text = textOf(bytes);
  if (text === undefined) return refused('it is neither an image, a PDF nor text in UTF-8');
  if (size > textBytes) return refused(tooLarge('a text file', size, textBytes));
  if (text.trim() === '') return refused('there is nothing in it but white space');
  return taken({ kind: 'text', fileName, text });
}

/** `512 bytes`, `256 KB`, `4.8 MB`, `20 MB`: in steps of 1024, and never a limit for what lies beyond it. */
export function sizeInWords(bytes: number): string {
  if (bytes < KIB) return `${bytes} bytes`;
  const [unit, name] = bytes < MIB ? [KIB, 'KB'] : [MIB, 'MB'];
  return `${Math.ceil((bytes / unit) * 10) / 10} ${name}`;
}

function tooLarge(what: string, bytes: number, most: number): string {
  const subject = what === 'it' ? 'it' : `it is ${what} and`;
  return `${subject} has ${sizeInWords(bytes)}, more than the ${sizeInWords(most)} that can be taken`;
}

function taken(file: TurnFile): ReadFile {
  return { kind: 'taken', file };
}

function refused(reason: string): ReadFile {
  return { kind: 'refused', reason };
}

function imageTypeOf(bytes: Uint8Array): ImageType | undefined {
  if (startsWith(bytes, '\xff\xd8\xff')) return 'image/jpeg';
  if (startsWith(bytes, '\x89PNG\r\n\x1a\n')) return 'image/png';
  if (startsWith(bytes, 'GIF87a') || startsWith(bytes, 'GIF89a')) return 'image/gif';
  if (startsWith(bytes, 'RIFF') && startsWith(bytes, 'WEBP', 8)) return 'image/webp';
  return undefined;
}

/** What is sent often and can't be taken, so that the refusal names it. */
const KNOWN_KINDS: readonly { readonly name: string; readonly is: (bytes: Uint8Array) => boolean }[] = [
  {
    name: 'an image of a kind that Claude can’t see (HEIC, AVIF); sent as a photo it becomes a JPEG',
    is: (bytes) =>
      ['heic', 'heix', 'hevc', 'mif1', 'msf1', 'avif'].some((brand) => startsWith(bytes, `ftyp${brand}`, 4)),
  },
  { name: 'a video', is: (bytes) => startsWith(bytes, 'ftyp', 4) || startsWith(bytes, '\x1a\x45\xdf\xa3') },
  {
    name: 'a sound recording',
    is: (bytes) => ['OggS', 'ID3', 'fLaC'].some((mark) => startsWith(bytes, mark)),
  },
  { name: 'a ZIP archive or an Office document', is: (bytes) => startsWith(bytes, 'PK\x03\x04') },
  {
    name: 'an archive',
    is: (bytes) =>
      ['\x1f\x8b', 'BZh', '\xfd7zXZ\0', '7z\xbc\xaf\x27\x1c', 'Rar!\x1a\x07', '\x28\xb5\x2f\xfd'].some(
        (mark) => startsWith(bytes, mark),
      ),
  },
  {
    name: 'text in UTF-16; saved as UTF-8 it can be taken',
    is: (bytes) => startsWith(bytes, '\xff\xfe') || startsWith(bytes, '\xfe\xff'),
  },
];

/** `mark`: a character a byte. */
function startsWith(bytes: Uint8Array, mark: string, at = 0): boolean {
  if (bytes.length < at + mark.length) return false;
  for (let index = 0; index < mark.length; index += 1) {
    if (bytes[at + index] !== mark.charCodeAt(index)) return false;
  }
  return true;
}

function includes(bytes: Uint8Array, mark: string): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(mark, 0, 'latin1');
}

/** Undefined for what is no text in UTF-8. A byte order mark is left out. */
function textOf(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
