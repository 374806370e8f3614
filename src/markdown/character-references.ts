// The named references that people and models write; the HTML standard has 2,231, the others stay as they are.
const VISIBLE = String.raw`
  amp &  lt <  gt >  quot "  apos '  copy ©  reg ®  trade ™  deg °  para ¶  sect §  micro µ  middot ·  bull •
  hellip …  ndash –  mdash —  lsquo ‘  rsquo ’  ldquo “  rdquo ”  laquo «  raquo »  cent ¢  pound £  yen ¥  euro €
  times ×  divide ÷  plusmn ±  minus −  ne ≠  le ≤  ge ≥  asymp ≈  equiv ≡  infin ∞  radic √  sum ∑  prod ∏
  part ∂  int ∫  isin ∈  cap ∩  cup ∪  frac12 ½  frac14 ¼  frac34 ¾  sup1 ¹  sup2 ²  sup3 ³
  larr ←  uarr ↑  rarr →  darr ↓  harr ↔  lArr ⇐  rArr ⇒  hArr ⇔  check ✓  cross ✗  star ☆  hearts ♥
  alpha α  beta β  gamma γ  delta δ  epsilon ε  lambda λ  mu μ  pi π  sigma σ  tau τ  phi φ  omega ω
  Delta Δ  Sigma Σ  Omega Ω  auml ä  ouml ö  uuml ü  Auml Ä  Ouml Ö  Uuml Ü  szlig ß  aacute á  agrave à
  eacute é  egrave è  ecirc ê  iacute í  ntilde ñ  oacute ó  uacute ú  ccedil ç
  lbrace {  rbrace }  lcub {  rcub }  lbrack [  rbrack ]  lsqb [  rsqb ]  lpar (  rpar )  ast *  lowbar _
  vert |  verbar |  bsol \  sol /  num #  excl !  colon :  semi ;  comma ,  period .  quest ?  commat @
  plus +  equals =  dollar $  percnt %
`;

const INVISIBLE: readonly (readonly [string, string])[] = [
  ['nbsp', '\u00A0'],
  ['ensp', '\u2002'],
  ['emsp', '\u2003'],
  ['thinsp', '\u2009'],
  ['shy', '\u00AD'],
  ['zwj', '\u200D'],
  ['zwnj', '\u200C'],
  ['grave', '`'],
];

const NAMED: ReadonlyMap<string, string> = new Map([
  ...[...VISIBLE.matchAll(/(\w+) (\S)/gu)].map(([, name = '', sign = '']) => [name, sign] as const),
  ...INVISIBLE,
]);

const REFERENCE = /&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-zA-Z][a-zA-Z0-9]{1,31}));/g;

/** Replaces `&amp;`, `&#38;` and `&#x26;` once each; what is not known stays as it is written. */
export function decodeReferences(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(REFERENCE, (whole, decimal?: string, hexadecimal?: string, name?: string) => {
    if (name !== undefined) return NAMED.get(name) ?? whole;
    return fromNumber(decimal === undefined ? parseInt(hexadecimal ?? '', 16) : parseInt(decimal, 10));
  });
}

function fromNumber(codePoint: number): string {
  if (codePoint === 9 || codePoint === 10 || codePoint === 13) return ' ';
  const isControl = codePoint < 32 || (codePoint >= 127 && codePoint < 160);
  const isSurrogate = codePoint >= 0xd800 && codePoint <= 0xdfff;
  return isControl || isSurrogate || codePoint > 0x10ffff ? '\uFFFD' : String.fromCodePoint(codePoint);
}
