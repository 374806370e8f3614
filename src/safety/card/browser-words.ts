import { z } from 'zod';

const textSchema = z.string().catch('');
const inputSchema = z.looseObject({
  url: textSchema,
  action: textSchema,
  element: textSchema,
  key: textSchema,
});
type Input = z.output<typeof inputSchema>;

/** What the agent calls the thing that it acts on; what that really is only the page knows. */
const thing = ({ element }: Input): string => quoted(element, 'something');

const WORDS: Readonly<Record<string, (input: Input) => string>> = {
  browser_navigate: ({ url }) => `opens ${oneLine(url)} in the browser`,
  browser_navigate_back: () => 'goes back a page in the browser',
  browser_tabs: ({ action, url }) =>
    action === 'new' && url !== ''
      ? `opens ${oneLine(url)} in a new tab`
      : `browser tabs: ${oneLine(action)}`,
  browser_click: (input) => `clicks ${thing(input)} in the browser`,
  browser_type: (input) => `types into ${thing(input)} in the browser`,
  browser_fill_form: () => 'fills in a form in the browser',
  browser_press_key: ({ key }) => `presses ${quoted(key, 'a key')} in the browser`,
  browser_select_option: (input) => `chooses in ${thing(input)} in the browser`,
  browser_hover: (input) => `points at ${thing(input)} in the browser`,
  browser_evaluate: () => 'runs JavaScript in the page in the browser',
  browser_run_code_unsafe: () => "runs code in the browser's server, outside of the page",
  browser_file_upload: () => 'uploads to the page in the browser',
  browser_drop: (input) => `drops something on ${thing(input)} in the browser`,
  browser_take_screenshot: () => 'takes a screenshot',
  browser_snapshot: () => 'reads the page in the browser',
};

/** What a tool of the browser does, after "it"; undefined for one that is named as it is. */
export function browserWords(tool: string, input: unknown): string | undefined {
  const given = inputSchema.safeParse(input);
  if (!given.success || !Object.hasOwn(WORDS, tool)) return undefined;
  return WORDS[tool]?.(given.data);
}

const LONGEST = 40;

function quoted(text: string, without: string): string {
  const line = oneLine(text);
  if (line === '') return without;
  return `“${line.length > LONGEST ? `${line.slice(0, LONGEST - 1).replace(/[\uD800-\uDBFF]$/, '')}…` : line}”`;
}

/** Nothing in it may look like the card's own words on a new line, or turn the writing round. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
}
