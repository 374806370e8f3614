import { describe, expect, it } from 'vitest';
import { programEffects } from '../../../test/fixtures/program-effects.ts';

describe('macOS', () => {
  it.each([
    ['codesign -d --entitlements x a', 'write x, read a'],
    ['codesign -d --entitlements :- a', 'read a'],
    ['defaults read com.apple.finder', ''],
    ['defaults write com.apple.finder x -bool true', 'change-system, ?option'],
    ['diskutil list', ''],
    ['diskutil eraseDisk APFS x disk1', 'change-system'],
    ['hdiutil info', ''],
    ['hdiutil attach x.dmg', 'change-system, ?option'],
    ['security find-generic-password -s x', ''],
    ['security find-generic-password -s x -w', '?option'],
    ['security find-generic-password -gs x', '?option'],
    ['security dump-keychain -d', '?option'],
    ['security find-certificate -a -p', ''],
    ['networksetup -getinfo Wi-Fi', ''],
    ['networksetup -setdnsservers Wi-Fi 8.8.8.8', 'change-system'],
    ['scutil --dns', ''],
    ['scutil --set HostName x', 'change-system'],
    [`osascript -e 'do shell script "id"'`, 'run-inline-code'],
    ['osascript x.scpt', 'read x.scpt, run-file'],
    ['tmutil listbackups', ''],
    ['tmutil disable', 'change-system'],
    ['say hello', ''],
    ['say -o x.aiff hello', 'write x.aiff'],
    ['pbpaste', 'list-environment'],
    ['caffeinate -i make', 'runs "make"'],
  ])('%s', (line, expected) => {
    expect(programEffects(line)).toBe(expected);
  });
});
