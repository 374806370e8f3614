import type { AgentTool, Field } from './agent-tool.ts';

const data: Field = { kind: 'data' };
const reads: Field = { kind: 'reads' };
const writes: Field = { kind: 'writes' };
const page: Field = { kind: 'page' };
const asks: Field = { kind: 'asks' };

type Fields = Readonly<Record<string, Field>>;

/** Fields that are data, named in one text. */
function words(names: string): Fields {
  return Object.fromEntries(names.split(' ').flatMap((name) => (name === '' ? [] : [[name, data]])));
}

/** Says something about the page, and leaves it as it is. */
const looks = (names: string, more: Fields = {}): AgentTool => ({
  acts: ['browser-read'],
  fields: { ...words(names), ...more },
});

/** Does something on a page or to the browser. */
const acts = (names: string, more: Fields = {}): AgentTool => ({
  acts: ['browser-change'],
  fields: { ...words(names), ...more },
});

/** Where what a tool found is saved, from the directory that the session works in. Left out: it is told, or put aside. */
const saved: Fields = { filename: writes };

/**
 * What @playwright/mcp 0.0.83 offers as leashd starts it: its own `readOnlyHint` parts those that look from those that act.
 * test/integration/browser-tools.test.ts holds this against the server itself. What is not here is a tool of an MCP server
 * like any other, and asks.
 */
export const BROWSER_TOOLS: Readonly<Record<string, AgentTool>> = {
  browser_snapshot: looks('target depth boxes', saved),
  browser_find: looks('text regex', saved),
  browser_take_screenshot: looks('element target ref type fullPage scale', saved),
  browser_console_messages: looks('level all onlyErrors', saved),
  browser_network_requests: looks('static filter', saved),
  browser_network_request: looks('index part', saved),
  browser_wait_for: looks('time text textGone'),

  browser_navigate: acts('', { url: page }),
  browser_navigate_back: acts(''),
  browser_tabs: {
    ...acts('action index', { url: page }),
    looking: { field: 'action', values: ['list'], acts: ['browser-read'] },
  },
  browser_click: acts('element target ref doubleClick button modifiers'),
  browser_type: acts('element target ref text submit slowly'),
  browser_fill_form: acts('fields'),
  browser_press_key: acts('key'),
  browser_select_option: acts('element target ref values'),
  browser_hover: acts('element target ref'),
  browser_drag: acts('startElement startTarget startRef endElement endTarget endRef'),
  browser_drop: acts('element target data', { paths: reads }),
  browser_file_upload: acts('', { paths: reads }),
  browser_handle_dialog: acts('accept promptText'),
  browser_emulate_media: acts('colorScheme reducedMotion forcedColors contrast media'),
  browser_resize: acts('width height'),
  browser_close: acts(''),
  browser_evaluate: acts('element target ref function', saved),
  // Runs in the server, not in the page: with the rights of a program of the person's. For them to see each time.
  browser_run_code_unsafe: {
    acts: ['browser-change', 'run-inline-code'],
    asks: 'runs code outside of the page, with the rights of any program of yours',
    fields: { code: asks, filename: asks },
  },
};

/** What 0.0.41 and its neighbours offered besides, for those who have a server of their own under that name. */
const FORMER_BROWSER_TOOLS: Readonly<Record<string, AgentTool>> = {
  browser_tab_list: looks(''),
  browser_generate_playwright_test: looks('name description steps'),
  browser_generate_locator: looks('element ref target'),
  browser_verify_element_visible: looks('role accessibleName'),
  browser_verify_list_visible: looks('element ref target items'),
  browser_verify_text_visible: looks('text'),
  browser_verify_value: looks('type element ref target value'),

  browser_navigate_forward: acts(''),
  browser_tab_new: acts('', { url: page }),
  browser_tab_select: acts('index'),
  browser_tab_close: acts('index'),
  browser_pdf_save: acts('', saved),
  browser_install: acts(''),
  browser_mouse_click_xy: acts('element x y'),
  browser_mouse_drag_xy: acts('element startX startY endX endY'),
  browser_mouse_move_xy: acts('element x y'),
};

/** The row of a tool of the server `playwright`; undefined for one that no table knows. */
export function browserTool(name: string): AgentTool | undefined {
  if (Object.hasOwn(BROWSER_TOOLS, name)) return BROWSER_TOOLS[name];
  return Object.hasOwn(FORMER_BROWSER_TOOLS, name) ? FORMER_BROWSER_TOOLS[name] : undefined;
}
