import { markOf } from './service-mark.ts';
import type { ServiceParts } from './service-parts.ts';

/** No domain is leashd's, and the name must be one that nobody else takes. */
export const LABEL = 'local.leashd';

/** An agent of the person's own launchd (launchd.plist(5)). `output`: where what it prints goes. */
export function propertyList(parts: ServiceParts, output: string): string {
  const { node, entry, directory, environment } = parts;
  const values = Object.entries(environment).flatMap(([name, value]) => pair(name, text(value), 2));
  const words = [node, entry, 'service', 'run'].map((word) => `    ${text(word)}`);
  const head = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
  ].join('\n');
  const body = [
    '<plist version="1.0">',
    '<dict>',
    ...pair('Label', text(LABEL)),
    '  <key>ProgramArguments</key>',
    '  <array>',
    ...words,
    '  </array>',
    ...pair('WorkingDirectory', text(directory)),
    '  <key>EnvironmentVariables</key>',
    '  <dict>',
    ...values,
    '  </dict>',
    ...pair('RunAtLoad', '<true/>'),
    '  <!-- Again after a crash; a fault that no restart mends ends well on purpose. -->',
    '  <key>KeepAlive</key>',
    '  <dict>',
    ...pair('SuccessfulExit', '<false/>', 2),
    '  </dict>',
    ...pair('ThrottleInterval', '<integer>30</integer>'),
    ...pair('ExitTimeOut', '<integer>30</integer>'),
    '  <!-- Else the agent’s builds would be slowed down. -->',
    ...pair('ProcessType', text('Interactive')),
    ...pair('StandardOutPath', text(output)),
    ...pair('StandardErrorPath', text(output)),
    '</dict>',
    '</plist>',
    '',
  ].join('\n');
  const mark = markOf(`${head}\n${body}`, parts).map((line) => `<!-- ${line} -->`);
  return [head, ...mark, body].join('\n');
}

function pair(key: string, value: string, depth = 1): string[] {
  const indent = '  '.repeat(depth);
  return [`${indent}<key>${escaped(key)}</key>`, `${indent}${value}`];
}

function text(value: string): string {
  return `<string>${escaped(value)}</string>`;
}

function escaped(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
