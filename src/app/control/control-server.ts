import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { LeashdError, MachineError, messageOf } from '../../errors.ts';
import type { Log } from '../../util/log.ts';
import { controlRequest, type ControlMethod, type ControlReply, type ControlResults } from './protocol.ts';
import { isForeignSocket, shortSocketFolder, socketPath } from './socket-path.ts';

/** What the socket's calls do. They may reject with a LeashdError, which the caller is told. */
export type ControlHandlers = {
  readonly [Method in ControlMethod]: () => Promise<ControlResults[Method]>;
};

export type ControlServerOptions = {
  /** Locked by this process. */
  readonly stateDir: string;
  readonly handlers: ControlHandlers;
  readonly log: Log;
  /** Takes secrets out of what went wrong. */
  readonly redact: (text: string) => string;
};

export type ControlServer = {
  /** Takes the socket away. Callers who wait for an answer still get it within a second. Harmless when repeated. */
  readonly close: () => Promise<void>;
};

const MOST_REQUEST_BYTES = 4_096;
const MOST_CONNECTIONS = 32;
/** Somebody who connects and says nothing. */
const SILENCE_MS = 10_000;
const CLOSE_PATIENCE_MS = 1_000;

/**
 * Listens on the socket of a state folder that this process has locked; one that was left there is taken away.
 * @throws MachineError when it can't be made, or when its folder is somebody else's.
 */
export async function listenForControl(options: ControlServerOptions): Promise<ControlServer> {
  const path = socketPath(options.stateDir);
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    serve(socket, options);
  });
  server.maxConnections = MOST_CONNECTIONS;
  try {
    makeRoom(path);
    await listen(server, path);
  } catch (error) {
    if (error instanceof LeashdError) throw error;
    throw new MachineError('CONTROL_SOCKET', `the socket ${path} can't be made: ${messageOf(error)}`, {
      hint: 'leashd needs a state folder on a disk that takes sockets: set LEASHD_STATE_DIR.',
      cause: error,
    });
  }
  server.on('error', (fault) => options.log.warn('control_socket_failed', { fault }));
  // What keeps leashd running is its work, not that somebody could ask for it.
  server.unref();
  let closing: Promise<void> | undefined;
  return { close: () => (closing ??= close(server, sockets)) };
}

function makeRoom(path: string): void {
  const folder = dirname(path);
  if (folder === shortSocketFolder()) {
    makeFolder(folder);
    if (isForeignSocket(path))
      throw new MachineError('CONTROL_FOLDER_FOREIGN', `${folder} belongs to somebody else`, {
        hint: 'Set LEASHD_STATE_DIR to a folder with a shorter path, so that its socket can lie in it.',
      });
    chmodSync(folder, 0o700);
  }
  // Nobody else has the lock, so whatever lies there was left behind.
  rmSync(path, { force: true });
}

/** A link to nowhere is there, too. */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}

async function listen(server: Server, path: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      resolve();
    });
  });
  chmodSync(path, 0o600);
}

function serve(socket: Socket, options: ControlServerOptions): void {
  let received = '';
  let isAsked = false;
  socket.on('error', () => {});
  socket.setTimeout(SILENCE_MS, () => {
    if (!isAsked) socket.destroy();
  });
  socket.setEncoding('utf8').on('data', (text: string) => {
    if (isAsked) return;
    received += text;
    const end = received.indexOf('\n');
    if (end < 0 && received.length <= MOST_REQUEST_BYTES) return;
    isAsked = true;
    void respond(socket, received.slice(0, Math.max(0, end)), options);
  });
  socket.on('end', () => {
    if (!isAsked) socket.destroy();
  });
}

async function respond(socket: Socket, line: string, options: ControlServerOptions): Promise<void> {
  socket.end(`${JSON.stringify(await answer(line, options))}\n`);
  // Somebody who has the answer and stays would keep a place from others.
  const patience = setTimeout(() => socket.destroy(), CLOSE_PATIENCE_MS);
  socket.once('close', () => clearTimeout(patience));
}

/** Never rejects. */
async function answer(line: string, { handlers, log, redact }: ControlServerOptions): Promise<ControlReply> {
  const request = controlRequest.safeParse(jsonOf(line));
  if (!request.success) {
    const message = 'this leashd does not know that request; it may be of another version';
    return { id: '', ok: false, error: { code: 'REQUEST_UNKNOWN', message } };
  }
  const { id, method } = request.data;
  try {
    return { id, ok: true, result: await handlers[method]() };
  } catch (fault) {
    log.warn('control_request_failed', { method, fault });
    const [code, hint] = fault instanceof LeashdError ? [fault.code, fault.hint] : ['CONTROL_FAILED'];
    return { id, ok: false, error: { code, message: redact(messageOf(fault)), hint } };
  }
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

async function close(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const patience = setTimeout(() => {
    for (const socket of sockets) socket.destroy();
  }, CLOSE_PATIENCE_MS);
  await closed;
  clearTimeout(patience);
}
