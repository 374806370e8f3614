import { Lexer, Tokenizer, type MarkedToken, type Token, type Tokens } from 'marked';
import { overfullCell } from './overfull-cell.ts';
import { leadingUrl } from './links.ts';

// Deeper than this nobody reads; every level is a recursion, and a text on its own shows all there is.
const MOST_NESTED_BLOCKS = 12;
const MOST_NESTED_INLINES = 12;

/**
 * Marked's expressions are linear for each character that may open or close something, so a stretch of text costs
 * at most its length times the number of those. These limits are products of the two.
 */
const COSTLIEST_RUN = 4_000_000;
const COSTLIEST_DOCUMENT = 16_000_000;
/** Characters that blocks inside blocks may have, each level counted anew, and lines of list items each time. */
const MOST_BLOCK_WORK = 4_000_000;
const MOST_COLUMNS = 64;
/**
 * A line that opens a list in a list in a list, seventeen times, and is no rule (`- - -`): marked looks at it
 * once for each of its signs.
 */
const MARKER_RUN = /^(?![ \t]*([-*_])(?:[ \t]*\1)*[ \t]*$)(?:[ \t]*(?:(?:[*+-]|\d{1,9}[.)])[ \t]|>)){17}/m;

/** Thrown by this file to itself alone: a block is too tangled to be shown as anything but text. */
class Tangled extends Error {}

/**
 * Splits Markdown (with GitHub's additions) into tokens, in bounded time whatever comes: what is nested too deep
 * or too entangled becomes plain text.
 */
export function lexMarkdown(source: string): readonly MarkedToken[] {
  const tokenizer = new CappedTokenizer({ withLists: !MARKER_RUN.test(source) });
  const lexer = new CappedLexer({ gfm: true, tokenizer });
  return knownTokens(lexer.lex(source));
}

/** Without extensions marked makes no other tokens than those it knows by name. */
export function knownTokens(tokens: readonly Token[]): readonly MarkedToken[] {
  return tokens as readonly MarkedToken[];
}

class CappedLexer extends Lexer {
  #depth = 0;
  #spent = 0;

  override inlineTokens(source: string, tokens: Token[] = []): Token[] {
    if (this.#depth >= MOST_NESTED_INLINES || !this.#canAfford(source)) return asText(source, tokens);
    this.#depth += 1;
    try {
      return super.inlineTokens(source, tokens);
    } catch (error) {
      if (this.#depth > 1) throw error;
      return asText(source, tokens);
    } finally {
      this.#depth -= 1;
    }
  }

  #canAfford(source: string): boolean {
    const cost = source.length * countDelimiters(source);
    if (cost > COSTLIEST_RUN || this.#spent + cost > COSTLIEST_DOCUMENT) return false;
    this.#spent += cost;
    return true;
  }
}

function asText(source: string, tokens: Token[]): Token[] {
  tokens.splice(0, tokens.length, { type: 'text', raw: source, text: source });
  return tokens;
}

function countDelimiters(source: string): number {
  return source.match(/[\\<[\]!`*_~(]/g)?.length ?? 0;
}

const STOP = /[\\<[`*_~]|!\[|\bhttps?:\/\/|\bwww\./gi;

function runLength(text: string, sign: string): number {
  let length = 1;
  while (text.charAt(length) === sign) length += 1;
  return length;
}

class CappedTokenizer extends Tokenizer {
  readonly #withLists: boolean;
  #depth = 0;
  #work = 0;

  constructor({ withLists }: { readonly withLists: boolean }) {
    super();
    this.#withLists = withLists;
  }

  override blockquote(source: string): Tokens.Blockquote | undefined {
    return this.#nested(() => super.blockquote(source));
  }

  override list(source: string): Tokens.List | undefined {
    return this.#withLists ? this.#nested(() => super.list(source)) : undefined;
  }

  /** In a list item every line comes here, and every time all that follows in the item is looked at. */
  override text(source: string): Tokens.Text | undefined {
    if (this.#depth > 0) this.#charge(source.length);
    return super.text(source);
  }

  /** Each row is filled up to the columns of the first, and what it has too much is kept in its last cell. */
  override table(source: string): Tokens.Table | undefined {
    const end = source.indexOf('\n');
    const firstLine = end < 0 ? source : source.slice(0, end);
    const table = firstLine.split('|').length > MOST_COLUMNS ? undefined : super.table(source);
    const lines = table?.raw.split('\n').slice(2) ?? [];
    for (const [index, row] of table?.rows.entries() ?? []) {
      const last = row.at(-1);
      const text = overfullCell(lines[index] ?? '', row.length);
      if (last !== undefined && text !== undefined) last.tokens = this.lexer.inline(text);
    }
    return table;
  }

  override url(source: string): Tokens.Link | undefined {
    const first = source.charAt(0).toLowerCase();
    const raw = first === 'h' || first === 'w' ? leadingUrl(source) : undefined;
    if (raw === undefined) return undefined;
    const href = first === 'w' ? `http://${raw}` : raw;
    const tokens = [{ type: 'text', raw, text: raw }];
    return { type: 'link', raw, text: raw, href, autolink: true, tokens };
  }

  /** Text up to the next character that may mean something, unlike marked's in linear time. */
  override inlineText(source: string): Tokens.Text | undefined {
    const first = source.charAt(0);
    STOP.lastIndex = first === '`' || first === '~' ? runLength(source, first) : 1;
    const raw = source.slice(0, STOP.exec(source)?.index ?? source.length);
    return { type: 'text', raw, text: raw, escaped: false };
  }

  /** The outermost block is the border: whatever happens inside, outside there is a text to show. */
  #nested<Block extends Tokens.Blockquote | Tokens.List>(lex: () => Block | undefined): Block | undefined {
    if (this.#depth >= MOST_NESTED_BLOCKS || this.#work > MOST_BLOCK_WORK) return undefined;
    const { top, lastToken } = this.lexer.state;
    const queued = this.lexer.inlineQueue.length;
    this.#depth += 1;
    try {
      const block = lex();
      this.#charge(block?.raw.length ?? 0);
      return block;
    } catch (error) {
      if (this.#depth > 1) throw error;
      this.lexer.inlineQueue.length = queued;
      Object.assign(this.lexer.state, { top, lastToken });
      return undefined;
    } finally {
      this.#depth -= 1;
    }
  }

  #charge(work: number): void {
    this.#work += work;
    if (this.#work > MOST_BLOCK_WORK) throw new Tangled();
  }
}
