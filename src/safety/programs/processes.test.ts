import { describe, expect, it } from 'vitest';
import { programEffects } from '../../../test/fixtures/program-effects.ts';

describe('processes', () => {
  it.each([
    ['ps aux e', 'list-environment'],
    ['ps -ef e', 'list-environment'],
    ['ps -o pid,environ', 'list-environment'],
    ['ps -u eve', ''],
    ['ps -ef', ''],
    ['kill 123 -l', 'kill'],
    ['kill -l 9', ''],
    ['pkill -l node', 'kill'],
    ['pkill -L node', 'kill'],
    ['killall -l', ''],
    ['ps aux', ''],
    ['ps -ef', ''],
    ['ps auxe', 'list-environment'],
    ['ps -eo pid,cmd --sort=-pid', ''],
    ['pgrep -fl node', ''],
    ['top -b -n 1', ''],
    ['pkill node', 'kill'],
    ['kill -9 1234', 'kill'],
    ['kill -l', ''],
    ['killall node', 'kill'],
    ['fuser 3000/tcp', ''],
    ['fuser -k 3000/tcp', 'kill'],
    ['dmesg -T', ''],
    ['dmesg -c', 'change-system'],
    ['sysctl -a', ''],
    ['sysctl -n kernel.hostname', ''],
    ['sysctl -w a=b', 'change-system'],
    ['sysctl a=b', 'change-system'],
  ])('%s', (line, expected) => {
    expect(programEffects(line)).toBe(expected);
  });
});
