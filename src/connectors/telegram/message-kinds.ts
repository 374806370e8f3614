/**
 * What a person can send besides text, in words for the refusal, by the field of the Bot API's "Message" that
 * holds it. The first that is there wins: an animation is a document too.
 */
const KINDS: readonly (readonly [field: string, name: string])[] = [
  ['voice', 'a voice message'],
  ['video_note', 'a video message'],
  ['animation', 'an animation'],
  ['photo', 'a photo'],
  ['live_photo', 'a photo'],
  ['video', 'a video'],
  ['audio', 'an audio file'],
  ['document', 'a file'],
  ['sticker', 'a sticker'],
  ['venue', 'a place'],
  ['location', 'a location'],
  ['contact', 'a contact'],
  ['poll', 'a poll'],
  ['checklist', 'a checklist'],
  ['dice', 'a dice'],
  ['game', 'a game'],
  ['rich_message', 'a formatted document'],
  ['story', 'a story'],
  ['paid_media', 'paid media'],
  ['invoice', 'an invoice'],
  ['giveaway', 'a giveaway'],
];

/** Undefined for what no person writes: joins, pins, new titles and other service messages. */
export function nameOfKind(message: Readonly<Record<string, unknown>>): string | undefined {
  return KINDS.find(([field]) => message[field] !== undefined)?.[1];
}
