import { z } from 'zod';
import type { InboundFile } from '../../core/ports/chat.ts';
import { nameOfKind } from './message-kinds.ts';

const fileSchema = z.object({
  file_id: z.string().min(1),
  file_name: z.string().optional(),
  mime_type: z.string().optional(),
  file_size: z.number().optional(),
});
const sizesSchema = z.array(fileSchema.extend({ width: z.number(), height: z.number() })).min(1);

/** What can't be taken, and still is named to the agent when words come with it. */
const OTHER_MEDIA: readonly (readonly [field: string, mediaType: string])[] = [
  ['animation', 'video/mp4'],
  ['video', 'video/mp4'],
  ['voice', 'audio/ogg'],
  ['audio', 'audio/mpeg'],
];

const LONGEST_NAME = 100;

/**
 * The file of a message (Bot API, "Message"): a photo in its largest size, or a document. A video or a recording only
 * where it has a caption, which is to go on without it; else undefined, as for what is no file.
 */
export function fileOf(message: Readonly<Record<string, unknown>>): InboundFile | undefined {
  const other = OTHER_MEDIA.find(([field]) => message[field] !== undefined);
  if (other !== undefined) return message['caption'] === undefined ? undefined : otherMedia(message, other);
  const livePhoto = z.object({ photo: sizesSchema }).safeParse(message['live_photo']).data;
  const sizes = sizesSchema.safeParse(message['photo'] ?? livePhoto?.photo).data;
  const photo = sizes?.reduce((most, size) =>
    size.width * size.height > most.width * most.height ? size : most,
  );
  if (photo !== undefined) return named(photo, 'photo.jpg', 'image/jpeg');
  const document = fileSchema.safeParse(message['document']).data;
  return document && named(document, 'file', 'application/octet-stream');
}

function otherMedia(
  message: Readonly<Record<string, unknown>>,
  [field, mediaType]: readonly [string, string],
): InboundFile | undefined {
  const file = fileSchema.safeParse(message[field]).data;
  return (
    file && {
      ...named({ ...file, file_name: undefined }, nameOfKind(message) ?? field, mediaType),
      mediaType,
    }
  );
}

function named(file: z.infer<typeof fileSchema>, fallback: string, mediaType: string): InboundFile {
  const name = (file.file_name ?? '').replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '').trim();
  return {
    ref: file.file_id,
    fileName: Array.from(name).slice(-LONGEST_NAME).join('') || fallback,
    mediaType: file.mime_type ?? mediaType,
    ...(file.file_size === undefined ? {} : { sizeBytes: file.file_size }),
  };
}
