import { z } from 'zod';
import type { Act } from '../types.ts';
import { wordSet } from '../word-set.ts';

/** The two parts of `mcp__server__tool`: the first `__` after the prefix parts them, as Claude Code makes the name. */
export function splitMcpName(tool: string): { readonly server: string; readonly tool: string } | undefined {
  const [, server, name] = /^mcp__(.+?)__(.+)$/s.exec(tool) ?? [];
  return server === undefined || name === undefined ? undefined : { server, tool: name };
}

/** The tools of @playwright/mcp up to 0.0.41 that only look at a page. */
const BROWSER_READING = wordSet(`
  browser_snapshot browser_take_screenshot browser_console_messages browser_network_requests
  browser_tab_list browser_wait_for browser_generate_playwright_test browser_generate_locator
  browser_verify_element_visible browser_verify_list_visible browser_verify_text_visible
  browser_verify_value
`);

/** Those that do something on a page, to the browser, or with a file. */
const BROWSER_CHANGING = wordSet(`
  browser_navigate browser_navigate_back browser_navigate_forward browser_click browser_type
  browser_hover browser_drag browser_press_key browser_select_option browser_file_upload
  browser_handle_dialog browser_fill_form browser_evaluate browser_tabs browser_tab_new
  browser_tab_select browser_tab_close browser_resize browser_pdf_save browser_close browser_install
  browser_mouse_click_xy browser_mouse_drag_xy browser_mouse_move_xy
`);

export type McpReading = {
  readonly act: Act;
  /** Files it would send away. */
  readonly reads: readonly string[];
  readonly hosts: readonly (string | undefined)[];
  readonly doubts: readonly string[];
};

const browserInput = z.object({
  url: z.string().optional(),
  paths: z.array(z.string()).optional(),
  filename: z.string().optional(),
});

/** What an MCP tool would do; all that is known of most is that it is one. */
export function readMcpTool(server: string, tool: string, input: unknown): McpReading {
  const isBrowser = server === 'playwright' && (BROWSER_READING.has(tool) || BROWSER_CHANGING.has(tool));
  if (!isBrowser) return { act: 'mcp-call', reads: [], hosts: [], doubts: [] };
  const act: Act = BROWSER_READING.has(tool) ? 'browser-read' : 'browser-change';
  const fields = browserInput.safeParse(input);
  if (!fields.success)
    return { act, reads: [], hosts: [], doubts: ['its input is not what the browser takes'] };
  const { url, paths, filename } = fields.data;
  const doubts: string[] = [];
  const hosts: (string | undefined)[] = [];
  if (url !== undefined) {
    const address = webAddress(url);
    if (address === undefined) doubts.push(`${JSON.stringify(url.slice(0, 60))} is no web address`);
    else hosts.push(address);
  }
  if (filename !== undefined && /^[/~\\]|(?:^|[/\\])\.\.(?:[/\\]|$)/.test(filename)) {
    doubts.push(`it would be saved as ${JSON.stringify(filename.slice(0, 60))}`);
  }
  return { act, reads: paths ?? [], hosts, doubts };
}

/** The host of an http(s) address; `about:blank` has none. Undefined for anything else, `file:` above all. */
export function webAddress(url: string): string | undefined {
  const parsed = URL.parse(/^[a-z][a-z0-9+.-]*:/i.test(url) ? url : `https://${url}`);
  if (parsed === null) return undefined;
  return parsed.protocol === 'http:' || parsed.protocol === 'https:' ? parsed.hostname : undefined;
}

/** The host of a web socket's address; undefined for anything else. */
export function socketHost(url: string): string | undefined {
  return /^wss?:/i.test(url) ? webAddress(url.replace(/^ws/i, 'http')) : undefined;
}
