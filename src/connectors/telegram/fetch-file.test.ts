import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTelegramBench, type TelegramBench } from '../../../test/contract/telegram-bench.ts';
import type { InboundFile } from '../../core/ports/chat.ts';
import { LeashdError } from '../../errors.ts';

const LIMIT = 1024;
const CONTENT = 'öäü\r\n\0 all of it';
let bench: TelegramBench;
let file: InboundFile;

beforeEach(async () => {
  bench = await openTelegramBench({ server: { maxDownloadBytes: LIMIT } });
  file = await sent(CONTENT);
});
afterEach(() => bench.close());

async function sent(content: string): Promise<InboundFile> {
  bench.ada.document({ name: 'a b.txt', content });
  const id = bench.api.pendingUpdates().at(-1)?.message?.document?.file_id ?? '';
  return { ref: id, fileName: 'a b.txt', mediaType: 'text/plain' };
}

function fetched(limit = LIMIT, one = file, signal = new AbortController().signal): Promise<string> {
  const { connector, chat } = bench;
  return (
    connector.fetchFile?.(chat, one, limit, signal).then((bytes) => Buffer.from(bytes).toString()) ??
    Promise.reject(new Error('it can’t fetch'))
  );
}

/** Why it can't be had; no part of it may hold the token. */
async function refusal(fetching: Promise<string>): Promise<string> {
  const error: unknown = await fetching.then(
    () => new Error('it was fetched'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof LeashdError)) throw error;
  const { cause } = error;
  const told = [error.message, error.stack, cause instanceof Error ? `${cause.message} ${cause.stack}` : ''];
  const logged = JSON.stringify(bench.logged);
  expect(`${told.join('\n')}${logged}`).not.toContain(bench.api.token);
  return error.message;
}

describe('a file that was sent to the bot', () => {
  it('comes byte for byte, through network faults, flood limits and stale paths', async () => {
    bench.api.failNext('getFile', { drop: 'before' });
    bench.api.failNext('getFile', { status: 429, retryAfter: 1 });
    bench.api.failNext('download', { drop: 'before' });
    bench.api.failNext('download', { status: 404 });
    bench.api.failNext('download', { status: 502, body: '<html>Bad Gateway</html>' });
    expect(await fetched()).toBe(CONTENT);
    expect(bench.api.calls('getFile').length).toBe(6);
  });

  it('is given up in words after six attempts', async () => {
    bench.api.failNext('download', { drop: 'before', times: 6 });
    expect(await refusal(fetched())).toMatch(/^Telegram could not be reached for it .*; send it again$/);
    expect(await fetched()).toBe(CONTENT);
  });

  it('is refused when it is larger than Telegram hands out, or than what is wanted', async () => {
    expect(await refusal(fetched(LIMIT, await sent('x'.repeat(LIMIT + 1))))).toContain('larger than');
    expect(await refusal(fetched(3))).toContain('larger than');
  });

  it('is refused at once when Telegram does not know it', async () => {
    const reason = await refusal(fetched(LIMIT, { ...file, ref: 'nonsense' }));
    expect(reason).toContain('Telegram does not hand it out (getFile: 400 Bad Request: invalid file_id)');
    expect(bench.api.calls('getFile')).toHaveLength(1);
  });

  it('is given up when it is no longer wanted, and when the connector stops', async () => {
    expect(await refusal(fetched(LIMIT, file, AbortSignal.abort()))).not.toBe('');
    bench.api.failNext('getFile', { delayMs: 60_000 });
    const fetching = refusal(fetched());
    await bench.connector.stop();
    expect(await fetching).not.toBe('');
  });

  it.each(['/srv/bot/documents/file_1', '../other/file_1', 'a/./b'])(
    'is not looked for at %s, where a local server keeps its files',
    async (file_path) => {
      const result = { file_id: file.ref, file_unique_id: 'u', file_path };
      bench.api.failNext('getFile', { status: 200, body: { ok: true, result } });
      expect(await refusal(fetched())).toContain('keeps files to itself, as with --local');
    },
  );
});
