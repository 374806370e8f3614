import type { Act, UnknownAbout, Word } from '../types.ts';
import { hostIn } from './host-in.ts';
import type { NestedCommand, ProgramReading, Touch } from './table.ts';

type Parts = {
  readonly touches: Touch[];
  readonly hosts: (string | undefined)[];
  readonly runs: NestedCommand[];
  readonly acts: Act[];
  readonly unknowns: { about: UnknownAbout; why: string }[];
};

const FLAGS = /^-(?:[bTtL].+|[dDhlVvxuUs46]+|d\d|ly|ls|lm|lu|hh|hhh|\?+)$/;
const VALUES = /^-[bTtL]$/;

/** socat(1): joins two addresses, each of them a kind with its words: `TCP:host:port`, `UNIX-CONNECT:path,retry=3`. */
export function socat(words: readonly Word[]): ProgramReading {
  const texts = words.map((word) => (word.kind === 'static' ? word.value : ''));
  const parts: Parts = { touches: [], hosts: [], runs: [], acts: [], unknowns: [] };
  if (texts.length === 1 && /^-(?:V|h+|\?+)$/.test(texts[0] ?? '')) return parts;
  for (let index = 0; index < texts.length; index += 1) {
    const text = texts[index] ?? '';
    if (VALUES.test(text)) index += 1;
    else if (/^-./.test(text) && !FLAGS.test(text)) doubt(parts, text);
    else if (!/^-./.test(text)) for (const address of text.split('!!')) readAddress(address, parts);
  }
  return parts;
}

function readAddress(address: string, parts: Parts): void {
  const [, kind = '', rest = ''] = /^([\w-]*)(?::(.*))?$/s.exec(withoutOptions(address)) ?? [];
  const words = rest.split(':');
  const [first = ''] = words;
  if (/^(?:-|stdio|stdin|stdout|stderr|fd)?$/i.test(kind) && !address.includes('/')) {
    return;
  }
  if (/^(?:unix|local|gopen|open|file|creat|create|pipe|fifo|sctp-unix)/i.test(kind)) {
    parts.touches.push({ kind: /^(?:unix|local)/i.test(kind) ? 'read' : 'write', path: rest });
    // What listens at a socket is not known.
    parts.acts.push('change-remote');
    if (/listen|recv/i.test(kind)) parts.acts.push('serve');
  } else if (/^(?:exec|system|shell)$/i.test(kind)) {
    parts.runs.push({ kind: 'script', source: rest });
    doubt(parts, kind);
  } else if (/listen|^(?:udp|ip)\w*-recv/i.test(kind)) {
    parts.acts.push('serve');
  } else if (/^(?:tcp|udp|ssl|openssl|sctp|dccp|ip)\w*(?:-connect|-sendto|-datagram)?$/i.test(kind)) {
    parts.hosts.push(hostIn(first));
  } else if (/^(?:proxy|socks)\w*(?:-connect)?$/i.test(kind)) {
    for (const host of words.slice(0, 2)) parts.hosts.push(hostIn(host));
  } else {
    // A plain path is opened.
    if (address.includes('/')) parts.touches.push({ kind: 'write', path: withoutOptions(address) });
    doubt(parts, address);
  }
  if (address.includes(',')) doubt(parts, 'the options of an address');
}

function withoutOptions(address: string): string {
  return address.replace(/,.*$/s, '');
}

function doubt({ unknowns }: Parts, text: string): void {
  unknowns.push({ about: 'option', why: `what ${text.slice(0, 60)} does there is not known` });
}
