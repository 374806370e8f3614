/** What others said, as a part of a sentence of ours. Dots that stand for more stay. */
export function withoutFullStop(words: string): string {
  return words.trimEnd().replace(/(?<!\.)\.$/, '');
}
