/** Where things are, how things are shown, and how the network is reached. `PLAYWRIGHT_MCP_*` would change the options. */
const FOR_BROWSER = new Set([
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'TMPDIR',
  'TZ',
  'LANG',
  'LANGUAGE',
  'LD_LIBRARY_PATH',
  'FONTCONFIG_FILE',
  'FONTCONFIG_PATH',
  'XDG_RUNTIME_DIR',
  'XDG_CONFIG_HOME',
  'XDG_CACHE_HOME',
  'CHROME_DEVEL_SANDBOX',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
]);

const FOR_NETWORK = /^(?:https?|all|no|auto)_proxy$/i;

/** Whether the browser and its server get a variable of that name; everything else stays with Claude Code. */
export function isForBrowser(name: string): boolean {
  return FOR_BROWSER.has(name) || name.startsWith('LC_') || FOR_NETWORK.test(name);
}
