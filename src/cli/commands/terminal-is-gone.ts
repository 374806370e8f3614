import { closeSync, openSync } from 'node:fs';

const STREAMS = [process.stdin, process.stdout, process.stderr];

/**
 * Whether this process was on a terminal that has been closed: the one reason for a SIGHUP that is no request to
 * reload. A closed terminal is nobody's controlling terminal any more (Linux and macOS: opening it fails with ENXIO).
 */
export function terminalIsGone(): boolean {
  if (!STREAMS.some(({ isTTY }) => isTTY)) return false;
  try {
    closeSync(openSync('/dev/tty', 'r+'));
    return false;
  } catch {
    return true;
  }
}
