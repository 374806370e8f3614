#!/usr/bin/env node
// Nothing is imported up here that an older Node could not load: the sentence below must still be reached.
const NEEDED = [22, 13] as const;

function whatIsMissing(): string | undefined {
  if (process.platform === 'win32') {
    return 'leashd runs on Linux and macOS; on Windows use it inside WSL (https://learn.microsoft.com/windows/wsl/install).';
  }
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])) return undefined;
  return `leashd needs Node.js ${NEEDED.join('.')} or newer; this is ${process.versions.node}. Install one from https://nodejs.org.`;
}

// Makes this file a module for TypeScript, which has no import up here to know it by.
export type Main = typeof whatIsMissing;

const missing = whatIsMissing();
if (missing === undefined) {
  const { runCli } = await import('./run-cli.ts');
  process.exitCode = await runCli(process.argv.slice(2));
} else {
  process.stderr.write(`${missing}\n`);
  process.exitCode = 1;
}
