import { describe, expect, it } from 'vitest';
import { programEffects } from '../../../test/fixtures/program-effects.ts';

describe('programs that look into data', () => {
  it.each([
    ['jq .a f', 'read f'],
    [`jq -r '.a[] | .b' f`, 'read f'],
    ['jq --arg x 1 .a f', 'read f'],
    ['jq --rawfile x secret . f', 'read f, read secret'],
    ['jq -n env', 'list-environment'],
    ['jq -n $ENV.HOME', 'list-environment'],
    ['jq .env f', 'read f'],
    ['jq -f prog f', 'read prog, read f'],
    ['jq -L dir . f', 'read ., read f, ?option'],
    [`'jq' 'import "x" as y; .' f`, 'read f, ?option'],
    ['yq .a f.yaml', 'read f.yaml'],
    ['yq f.yaml', 'read f.yaml'],
    ['yq -i .a=1 f.yaml', 'write f.yaml'],
    ['yq -i=true .a=1 f.yaml', 'write f.yaml'],
    [`yq 'load("x")' f.yaml`, 'read f.yaml, ?option'],
    ['yq -o json f.yaml', 'read json, read f.yaml'],
    ['xmllint --noout f.xml', 'read f.xml'],
    ['xmllint --noent f.xml', 'read f.xml, ?option'],
    ['gron http://example.com/x', 'host example.com'],
  ])('%s', (line, expected) => {
    expect(programEffects(line)).toBe(expected);
  });
});
