// What Claude Code starts as the browser's server. Programs that it starts get all of its environment, the keys for the
// model and for its own sockets included; a browser that opens any page needs none of them.
import { isForBrowser } from './browser-environment.ts';

for (const name of Object.keys(process.env)) if (!isForBrowser(name)) delete process.env[name];

// The package exports no more than its manifest and an entry for programs.
const manifest = import.meta.resolve('@playwright/mcp/package.json');
await import(new URL('cli.js', manifest).href);
