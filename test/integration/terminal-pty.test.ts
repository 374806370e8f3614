import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { hasPty, inPty, readsTheQuestion } from '../fixtures/terminal/pty.ts';
import { VirtualTerminal } from '../fixtures/terminal/virtual-terminal.ts';

const main = join(import.meta.dirname, '../fixtures/terminal/main.ts');
const patience = { timeout: 15_000, interval: 20 };

describe.skipIf(!hasPty)(
  'the terminal connector (skipped without python3, whose pty module it needs)',
  () => {
    it('talks and asks on a real pseudo-terminal, and leaves it as it was', async () => {
      const terminal = new VirtualTerminal(80, 24);
      const python = spawn(...inPty([process.execPath, main]), {
        stdio: ['pipe', 'pipe', 'inherit'],
        env: { PATH: process.env['PATH'], TERM: 'xterm-256color', NO_COLOR: '1' },
      });
      const exited = once(python, 'exit');
      python.stdout.pipe(terminal);
      const shows = (text: string): Promise<void> =>
        vi.waitFor(() => expect(terminal.shown).toContain(text), patience);
      try {
        await shows('ready, raw: true');
        python.stdin.write('hello\r');
        await shows('you said "hello"\nsaid');
        python.stdin.write('\u001b[200~one\rtwo\u001b[201~');
        await shows('> one␊two');
        python.stdin.write('\r');
        await shows('you said "one\\ntwo"');
        python.stdin.write('loudly\r');
        await shows('[y] Approve  [n] Reject  or type a reason to reject ›');
        await readsTheQuestion();
        python.stdin.write('n\r');
        await shows('you chose reject');
        python.stdin.write('\u0004');
        await shows('bye, raw: false');
        expect(await exited).toEqual([0, null]);
        expect(terminal.shown).not.toContain('thinking');
      } finally {
        python.kill();
      }
    });
  },
);
