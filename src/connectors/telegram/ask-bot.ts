import { messageOf } from '../../errors.ts';

export type AskBotOptions = {
  readonly token: string;
  readonly apiRoot: string;
  readonly signal: AbortSignal;
};

export type BotAnswer =
  | {
      readonly kind: 'answered';
      readonly result: unknown;
      /** The server's clock by its `Date` header, in milliseconds since 1970-01-01 UTC; exact to a second. */
      readonly serverAt: number | undefined;
    }
  | { readonly kind: 'refused'; readonly status: number; readonly description: string }
  /** Nobody answered, or no Bot API. `reason`: a part of a sentence, without the address, which holds the token. */
  | { readonly kind: 'unreachable'; readonly reason: string };

/**
 * Asks the Bot API once, and looks at the headers too, which the client library keeps to itself. Nothing is repeated,
 * and only what is given is sent. Must not reject.
 */
export async function askBot(
  method: 'getMe' | 'getWebhookInfo' | 'getUpdates',
  parameters: Readonly<Record<string, number>>,
  { token, apiRoot, signal }: AskBotOptions,
): Promise<BotAnswer> {
  try {
    const response = await fetch(`${apiRoot.replace(/\/+$/, '')}/bot${token}/${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', connection: 'close' },
      body: JSON.stringify(parameters),
      redirect: 'manual',
      signal,
    });
    const date = Date.parse(response.headers.get('date') ?? '');
    return read(await response.text(), response.status, Number.isNaN(date) ? undefined : date);
  } catch (error) {
    return { kind: 'unreachable', reason: signal.aborted ? 'no answer in time' : reasonOf(error, token) };
  }
}

function read(text: string, status: number, serverAt: number | undefined): BotAnswer {
  const answer = fieldsOf(parsed(text));
  if (answer?.['ok'] === true) return { kind: 'answered', result: answer['result'], serverAt };
  const description = answer?.['description'];
  if (answer?.['ok'] !== false || typeof description !== 'string')
    return { kind: 'unreachable', reason: `what answers there is no Bot API, status ${status}` };
  if (status >= 500) return { kind: 'unreachable', reason: `it answers with status ${status}` };
  return { kind: 'refused', status, description };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
}

/** `fetch failed` says nothing; the code behind it (`ENOTFOUND`) does, and holds no address. */
function reasonOf(error: unknown, token: string): string {
  const cause: unknown = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code;
  return messageOf(cause ?? error).replaceAll(token, '[bot token]');
}
