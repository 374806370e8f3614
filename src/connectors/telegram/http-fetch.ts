import type { Agent, IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';

/** What grammY gives to `fetch`. */
export type HttpRequest = {
  readonly method: 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | AsyncIterable<Uint8Array>;
  readonly signal: AbortSignal;
};

export type HttpAnswer = {
  /** Rejects with the code `invalid-json` when it is none. */
  json(): Promise<unknown>;
};

/** A hundred updates at once are far below it. */
const MOST_ANSWER_BYTES = 32 * 1024 * 1024;

const agents = new Map<string, Agent>();

/**
 * As much of `fetch` as grammY needs: Node's own keeps 10 MB resident, node-fetch with what it depends on 6 MB, in a
 * process that mostly waits. Follows no redirection: nobody is to be led on to another host with the token in the path.
 * Rejects with Node's error, whose `code` says what happened.
 */
export async function httpFetch(address: string, init: HttpRequest): Promise<HttpAnswer> {
  const url = new URL(address);
  // `import … from 'node:http'` would load Node's own fetch with it, 7 MB, to name all that it exports.
  const http = process.getBuiltinModule(url.protocol === 'https:' ? 'node:https' : 'node:http');
  const agent = agents.get(url.protocol) ?? new http.Agent({ keepAlive: true });
  agents.set(url.protocol, agent);
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const { method, headers, signal } = init;
  const request = http.request(url, { method, headers, signal, agent }, resolve);
  request.on('error', reject);
  if (typeof init.body === 'string') request.end(init.body);
  else pipeline(init.body, request).catch(reject);
  const text = await textOf(await promise);
  return { json: async () => parsed(text) };
}

async function textOf(answer: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    // Leaving the loop ends the request.
    if (size > MOST_ANSWER_BYTES) throw fault('answer-too-large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Without the text itself: it may be anything. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw fault('invalid-json');
  }
}

function fault(code: string): Error {
  return Object.assign(new Error(code), { code });
}
