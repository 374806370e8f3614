import { GrammyError, HttpError } from 'grammy/web';
import { MachineError, messageOf } from '../../errors.ts';
import { withoutFullStop } from '../../util/without-full-stop.ts';

/** What can go wrong between us and the Bot API, by what is to be done about it. */
export type FaultReason =
  /** 429: nothing in that chat before `retryAfterMs` are over. */
  | { readonly kind: 'flood'; readonly retryAfterMs: number }
  /** 5xx: the server's fault, perhaps this request's alone. */
  | { readonly kind: 'server'; readonly status: number }
  /** No answer, or none that could be read. `isUnsent`: there was not even a connection. */
  | { readonly kind: 'unreachable'; readonly isUnsent?: boolean }
  /** Any other 4xx: the same request will be refused again. */
  | { readonly kind: 'refused'; readonly status: number; readonly description: string }
  /** We were told to stop. */
  | { readonly kind: 'stopped' };

/** A failed call, told without what was sent and without the address, which holds the token. */
export class TelegramFault extends Error {
  readonly method: string;
  readonly reason: FaultReason;

  constructor(method: string, reason: FaultReason, message: string) {
    super(message);
    this.name = 'TelegramFault';
    this.method = method;
    this.reason = reason;
  }
}

const FLOOD_PAUSE_MS = 5_000;

/** @param hide takes secrets out of a text */
export function toFault(
  method: string,
  thrown: unknown,
  hide: (text: string) => string,
  signal: AbortSignal | undefined,
): TelegramFault {
  if (thrown instanceof TelegramFault) return thrown;
  if (signal?.aborted === true) return stoppedFault(method);
  if (thrown instanceof GrammyError) {
    const description = hide(thrown.description);
    return new TelegramFault(
      method,
      reasonOf(thrown, description),
      `${method}: ${thrown.error_code} ${description}`,
    );
  }
  // The inner error's text holds the address, so it is hidden twice over: by kind here, by pattern in `hide`.
  const inner = thrown instanceof HttpError ? thrown.error : thrown;
  const code = codeOf(inner);
  const isUnsent = NO_CONNECTION.includes(code);
  return new TelegramFault(method, { kind: 'unreachable', isUnsent }, `${method}: no answer (${hide(code)})`);
}

const NO_CONNECTION = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH'];

export function stoppedFault(method: string): TelegramFault {
  return new TelegramFault(method, { kind: 'stopped' }, `${method}: the Telegram connector has stopped`);
}

function reasonOf(error: GrammyError, description: string): FaultReason {
  const status = error.error_code;
  const seconds = error.parameters.retry_after;
  if (status === 429) {
    return { kind: 'flood', retryAfterMs: seconds === undefined ? FLOOD_PAUSE_MS : seconds * 1_000 };
  }
  if (status >= 500) return { kind: 'server', status };
  return { kind: 'refused', status, description };
}

/** `ECONNREFUSED` says as much as the sentence around it, without the address. */
function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  if (error instanceof Error && 'type' in error && typeof error.type === 'string') return error.type;
  return messageOf(error);
}

/** Whether the server refused for a reason that its description names. */
export function isRefusal(thrown: unknown, description: RegExp): boolean {
  return (
    thrown instanceof TelegramFault &&
    thrown.reason.kind === 'refused' &&
    description.test(thrown.reason.description)
  );
}

/** Whether the server refused this very request (400), where another might do. */
export function isBadRequest(thrown: unknown): boolean {
  return thrown instanceof TelegramFault && thrown.reason.kind === 'refused' && thrown.reason.status === 400;
}

/** Whether the server knows no such method (404), or not as it was called (400). */
export function isMissing(thrown: unknown): boolean {
  return (
    thrown instanceof TelegramFault &&
    thrown.reason.kind === 'refused' &&
    [400, 404].includes(thrown.reason.status)
  );
}

/** Whether nothing of it can have come through: it was refused, or never left. */
export function isSurelyUnsent(thrown: unknown): boolean {
  if (!(thrown instanceof TelegramFault)) return false;
  const { reason } = thrown;
  return (
    reason.kind === 'flood' ||
    reason.kind === 'refused' ||
    (reason.kind === 'unreachable' && reason.isUnsent === true)
  );
}

/** Whether the server itself stumbled (5xx). */
export function isServerFault(thrown: unknown): boolean {
  return thrown instanceof TelegramFault && thrown.reason.kind === 'server';
}

/**
 * The error for those who asked for a delivery that was given up for good. As with all errors here, its message is
 * a sentence without a full stop, its hint one with it: whoever shows both puts the stop between them.
 */
export function givenUp(fault: TelegramFault): MachineError {
  const { reason } = fault;
  const told = { cause: fault };
  if (reason.kind === 'stopped') {
    return new MachineError('TELEGRAM_STOPPED', 'the Telegram connector has stopped', told);
  }
  if (reason.kind === 'refused' && reason.status === 401) return tokenRefused(fault);
  if (reason.kind === 'refused' && reason.status === 403) {
    return new MachineError(
      'TELEGRAM_BLOCKED',
      `Telegram does not let the bot write there: ${withoutFullStop(reason.description)}`,
      {
        ...told,
        hint: 'The person blocked the bot, or it was removed from the group: open the chat with it and press Start.',
      },
    );
  }
  if (reason.kind === 'refused') {
    return new MachineError(
      'TELEGRAM_REFUSED',
      `Telegram refused a message: ${withoutFullStop(fault.message)}`,
      told,
    );
  }
  return new MachineError(
    'TELEGRAM_UNREACHABLE',
    `Telegram could not be reached: ${withoutFullStop(fault.message)}`,
    {
      ...told,
      hint: 'Check the network, and LEASHD_TELEGRAM_API_ROOT if you set it.',
    },
  );
}

/** The error for those who asked, from whatever ended the attempts. */
export function toGivenUp(thrown: unknown): unknown {
  return thrown instanceof TelegramFault ? givenUp(thrown) : thrown;
}

export function tokenRefused(fault: TelegramFault): MachineError {
  return new MachineError(
    'TELEGRAM_TOKEN_REFUSED',
    `Telegram does not know this bot token (${withoutFullStop(fault.message)})`,
    {
      cause: fault,
      hint: 'Copy the token again from @BotFather into LEASHD_TELEGRAM_BOT_TOKEN; check LEASHD_TELEGRAM_API_ROOT if you set it.',
    },
  );
}
