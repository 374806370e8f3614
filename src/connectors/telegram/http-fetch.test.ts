import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { httpFetch, type HttpRequest } from './http-fetch.ts';

describe('a request of the Telegram client', () => {
  let server: Server;
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const serve = async (answer: RequestListener): Promise<string> => {
    server = createServer(answer).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/bot1:token/x`;
  };
  const post = (changes: Partial<HttpRequest> = {}): HttpRequest => ({
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
    signal: new AbortController().signal,
    ...changes,
  });

  it('sends text and streams, and reads the answer', async () => {
    const url = await serve((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (part: string) => (body += part));
      request.on('end', () => response.end(JSON.stringify({ body, method: request.method })));
    });
    const stream = async function* () {
      yield Buffer.from('in ');
      yield Buffer.from('parts');
    };
    const answerTo = async (body: HttpRequest['body']) => (await httpFetch(url, post({ body }))).json();
    expect(await answerTo('whole')).toEqual({ body: 'whole', method: 'POST' });
    expect(await answerTo(stream())).toEqual({ body: 'in parts', method: 'POST' });
  });

  it('is led nowhere else', async () => {
    const seen: (string | undefined)[] = [];
    const url = await serve(({ url: path }, response) => {
      seen.push(path);
      response.writeHead(307, { location: '/elsewhere' }).end('{}');
    });
    await httpFetch(url, post());
    expect(seen).toEqual(['/bot1:token/x']);
  });

  it('says what went wrong by a code, without the address and without what came', async () => {
    const url = await serve((_, response) => response.end('<html>token</html>'));
    const answer = await httpFetch(url, post());
    await expect(answer.json()).rejects.toMatchObject({ code: 'invalid-json', message: 'invalid-json' });
  });

  it('says that nobody is there', async () => {
    const url = await serve(() => {});
    server.close();
    await once(server, 'close');
    await expect(httpFetch(url, post())).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('ends with its signal, and when the connection breaks in the middle of an answer', async () => {
    const stop = new AbortController();
    const waiting = await serve((request) => request.once('data', () => stop.abort()));
    await expect(httpFetch(waiting, post({ signal: stop.signal }))).rejects.toMatchObject({
      name: 'AbortError',
    });
    server.closeAllConnections();
    server.close();
    const broken = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{', () => response.destroy());
    });
    await expect(httpFetch(broken, post())).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('holds no more of an answer than it may', async () => {
    const url = await serve((_, response) => response.end(Buffer.alloc(33 * 1024 * 1024, 32)));
    await expect(httpFetch(url, post())).rejects.toMatchObject({ code: 'answer-too-large' });
  });
});
