import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createOwnerFile } from '../../storage/owner-file.ts';
import { newId } from '../../util/ids.ts';
import { silentLog } from '../../util/log.ts';
import { personId, type Inbound, type InboundBody } from '../ports/chat.ts';
import { Pairing, type PairingMessage } from './pairing.ts';

const start = (args: string): InboundBody => ({ kind: 'command', name: 'start', args });

function inbound(person: number, body: InboundBody, isPrivate = true): Inbound {
  const id = personId('telegram', person);
  const chat = { connector: 'telegram', chat: String(person) };
  return { id: newId(), chat, isPrivate, person: { id, name: `P${person}` }, receivedAt: 0, ...body };
}

describe('pairing', () => {
  let folder: string;
  let announced: PairingMessage[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'leashd-pairing-'));
    announced = [];
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const begin = (): Promise<Pairing> =>
    Pairing.begin({
      owners: createOwnerFile(join(folder, 'owner.json')),
      log: silentLog,
      announce: (message) => announced.push(message),
    });
  const shownCode = (): string => {
    const [first] = announced;
    if (first?.kind !== 'waiting') throw new Error('no code was announced');
    return first.code;
  };
  const kindOf = async (pairing: Pairing, event: Inbound): Promise<string> =>
    (await pairing.admit(event)).kind;

  it('makes the first person with the code the owner, and remembers it', async () => {
    const pairing = await begin();
    const code = shownCode();
    expect(await kindOf(pairing, inbound(7, start(` ${code.toLowerCase()} `)))).toBe('answered');
    expect(await kindOf(pairing, inbound(7, { kind: 'text', text: 'hello' }))).toBe('admitted');
    expect(announced.map(({ kind }) => kind)).toEqual(['waiting', 'paired']);

    const restarted = await begin();
    expect(announced).toHaveLength(2);
    expect(await kindOf(restarted, inbound(7, { kind: 'text', text: 'hello' }))).toBe('admitted');
    expect(await kindOf(restarted, inbound(8, start(code)))).toBe('refused');
  });

  it('serves nobody before, whatever they send', async () => {
    const pairing = await begin();
    const code = shownCode();
    const events: InboundBody[] = [
      { kind: 'text', text: code },
      { kind: 'text', text: `/start ${code}` },
      { kind: 'tap', prompt: newId(), choice: 'approve' },
      { kind: 'command', name: 'status', args: code },
      start(''),
    ];
    for (const event of events) expect(await kindOf(pairing, inbound(8, event))).toBe('refused');
    expect(await kindOf(pairing, inbound(8, start(code), false))).toBe('refused');
  });

  it('takes the code once', async () => {
    const pairing = await begin();
    const code = shownCode();
    const both = await Promise.all(
      [inbound(7, start(code)), inbound(8, start(code))].map((event) => pairing.admit(event)),
    );
    expect(both.map(({ kind }) => kind)).toEqual(['answered', 'refused']);
    expect(await kindOf(pairing, inbound(8, start(code)))).toBe('refused');
  });

  it('closes after five wrong codes, the right one included', async () => {
    const pairing = await begin();
    const code = shownCode();
    for (let wrong = 1; wrong <= 5; wrong += 1) {
      expect(await pairing.admit(inbound(8, start('AAAAAAAA')))).toMatchObject({
        kind: 'answered',
        text: expect.stringContaining(wrong < 5 ? `${5 - wrong} ` : 'closed') as string,
      });
    }
    expect(await kindOf(pairing, inbound(7, start(code)))).toBe('refused');
    expect(announced.at(-1)).toEqual({ kind: 'closed' });
  });
});
