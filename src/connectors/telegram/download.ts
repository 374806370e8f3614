import { TelegramFault } from './faults.ts';

/** The one answer that no second attempt changes: the file is larger than what was asked for. */
export class TooLarge extends Error {}

type DownloadOptions = {
  /** Holds the token: it must get into no error. */
  readonly url: string;
  /** No more than that is ever held. */
  readonly limitBytes: number;
  /** Ends it, also when the server has only fallen silent. */
  readonly signal: AbortSignal;
};

const METHOD = 'download';

/**
 * Fetches a file from the Bot API (Bot API, "File").
 * @throws TelegramFault, whose kind says whether another attempt makes sense; TooLarge
 */
export async function download({ url, limitBytes, signal }: DownloadOptions): Promise<Uint8Array> {
  // Nobody is to be led on to another host with the token in the path.
  const response = await fetch(url, { signal, redirect: 'error' });
  if (!response.ok) {
    await response.body?.cancel();
    throw faultOf(response.status, Number(response.headers.get('retry-after')));
  }
  const expected = Number(response.headers.get('content-length') ?? 0);
  const chunks: Uint8Array[] = [];
  let size = 0;
  const body: AsyncIterable<Uint8Array> | Iterable<Uint8Array> = response.body ?? [];
  for await (const chunk of body) {
    size += chunk.length;
    // Leaving the loop ends the request.
    if (Math.max(size, expected) > limitBytes) throw new TooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function faultOf(status: number, retryAfterSeconds: number): TelegramFault {
  const message = `${METHOD}: ${status}`;
  if (status === 429) {
    const retryAfterMs = (retryAfterSeconds || 5) * 1_000;
    return new TelegramFault(METHOD, { kind: 'flood', retryAfterMs }, message);
  }
  // A path is good for an hour; the next attempt asks for a fresh one.
  if (status >= 500 || status === 404) return new TelegramFault(METHOD, { kind: 'server', status }, message);
  return new TelegramFault(METHOD, { kind: 'refused', status, description: String(status) }, message);
}
