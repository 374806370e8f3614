import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { readInstance } from './instance-file.ts';
import type { ControlFault, ControlMethod, ControlResults } from './protocol.ts';
import { isForeignSocket, socketPath } from './socket-path.ts';

export type CallOptions = {
  /** How long an answer is waited for. */
  readonly timeoutMs: number;
};

export type Called<Method extends ControlMethod> =
  | { readonly kind: 'answered'; readonly result: ControlResults[Method] }
  /** It said no. */
  | { readonly kind: 'refused'; readonly error: ControlFault }
  | { readonly kind: 'not-running' }
  /** A process has the socket but does not answer. `pid`: as it wrote itself down. */
  | { readonly kind: 'hanging'; readonly pid?: number | undefined };

/**
 * Asks the leashd of a state folder. Never rejects. What it imports is read in milliseconds: `leashd status` is to be
 * there at once.
 */
export async function callDaemon<Method extends ControlMethod>(
  stateDir: string,
  method: Method,
  { timeoutMs }: CallOptions,
): Promise<Called<Method>> {
  const id = randomBytes(6).toString('hex');
  const path = socketPath(stateDir);
  // What another account says there is not leashd's.
  if (isForeignSocket(path)) return { kind: 'not-running' };
  const said = await talk(path, `${JSON.stringify({ id, method })}\n`, timeoutMs);
  if (said === 'silence') return { kind: 'hanging', pid: readInstance(stateDir)?.pid };
  const reply = said === 'nobody' ? undefined : replyIn(said.text, id);
  // One that hangs up without a word is about to end.
  if (reply === undefined) return { kind: 'not-running' };
  if (!reply.ok) return { kind: 'refused', error: reply.error };
  // Our own daemon of this person's wrote it: nobody else can listen there.
  return { kind: 'answered', result: reply.result as ControlResults[Method] };
}

const NOBODY = ['ENOENT', 'ECONNREFUSED', 'ENOTSOCK', 'ECONNRESET', 'EPIPE'];

function talk(
  path: string,
  request: string,
  timeoutMs: number,
): Promise<{ readonly text: string } | 'nobody' | 'silence'> {
  return new Promise((resolve) => {
    const socket = connect(path);
    let text = '';
    const done = (result: { readonly text: string } | 'nobody' | 'silence'): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(result);
    };
    const timer = setTimeout(() => done('silence'), timeoutMs);
    socket
      .setEncoding('utf8')
      .on('connect', () => socket.write(request))
      .on('data', (part: string) => {
        text += part;
      })
      .on('end', () => done({ text }))
      // A full backlog (EAGAIN) is one that nobody works off.
      .on('error', (error: NodeJS.ErrnoException) =>
        done(NOBODY.includes(error.code ?? '') ? 'nobody' : 'silence'),
      );
  });
}

type Reply =
  { readonly ok: true; readonly result: unknown } | { readonly ok: false; readonly error: ControlFault };

function replyIn(text: string, id: string): Reply | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || !('ok' in value)) return undefined;
  if (value.ok === true && 'id' in value && value.id === id && 'result' in value)
    return { ok: true, result: value.result };
  if (value.ok === false && 'error' in value && isFault(value.error))
    return { ok: false, error: value.error };
  return undefined;
}

function isFault(value: unknown): value is ControlFault {
  if (typeof value !== 'object' || value === null || !('code' in value) || !('message' in value))
    return false;
  return typeof value.code === 'string' && typeof value.message === 'string';
}
