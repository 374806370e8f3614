/** Why a word can't be known ahead, in words: `$X can't be known`, `$(date) can't be known: it depends on …`. */
export function notKnown(text: string, why: string): string {
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  // Of a variable by itself there is no more to say.
  return why === `it depends on ${text}` ? `${shown} can't be known` : `${shown} can't be known: ${why}`;
}
