import { describe, expect, it } from 'vitest';
import { programEffects } from '../../../test/fixtures/program-effects.ts';

describe('terminals and editors', () => {
  it.each([
    [`tmux lsk ';' run-shell 'rm x'`, '?option'],
    [`tmux show 'x;' kill-server`, '?option'],
    ['tmux ls', ''],
    ['vim a.txt', '?program'],
    ['nano --version', ''],
    ['code .', '?program'],
    ['open https://example.com', '?program'],
    ['xdg-open x', '?program'],
    [`emacs --batch --eval '(x)'`, '?program'],
    ['tmux ls', ''],
    ['tmux capture-pane -p -t x', ''],
    [`tmux send-keys -t x 'rm -rf /' Enter`, '?option'],
    ['tmux new-session -d id', '?option'],
    ['tmux kill-server', 'kill'],
    ['screen -ls', ''],
    ['screen -X stuff x', '?option'],
  ])('%s', (line, expected) => {
    expect(programEffects(line)).toBe(expected);
  });
});
