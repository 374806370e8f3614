import type { ChatRef, Inbound, InboundBody, MessageRef, Person, PromptId } from '../core/ports/chat.ts';
import { personId } from '../core/ports/chat.ts';
import type {
  Connector,
  Content,
  OutboundMessage,
  PromptView,
  Receipt,
  Receive,
  Reply,
  ReplyState,
  Tracing,
} from '../core/ports/connector.ts';
import { newId } from '../util/ids.ts';

export type ShownPrompt = {
  /** As it was updated last. */
  view: PromptView;
  readonly message: MessageRef;
  outcome: string | undefined;
};

/** A connector without a wire: tests act as its people and read what they would see. */
export interface RecordingConnector extends Connector {
  readonly chat: ChatRef;
  readonly sent: string[];
  /** The notices with all that belongs to them. */
  readonly notices: OutboundMessage[];
  readonly replies: {
    shown: ReplyState[];
    final: ReplyState | undefined;
    readonly tracing: Tracing | undefined;
  }[];
  readonly prompts: ShownPrompt[];
  /** What can be fetched, by its ref; what is not in here fails. */
  readonly files: Map<string, Uint8Array>;
  /** Does something as a person; `ada` unless told otherwise. */
  act(body: InboundBody, by?: Partial<Inbound>): Promise<Receipt>;
  write(text: string): Promise<Receipt>;
  tap(prompt: PromptId, choice: string): Promise<Receipt>;
  /** Resolves once `condition` holds, checked whenever something is shown. */
  until(condition: () => boolean): Promise<void>;
}

export const ada: Person = { id: personId('test', 1), name: 'Ada' };

export function recordingConnector(options: { canPrompt?: boolean } = {}): RecordingConnector {
  const chat: ChatRef = { connector: 'test', chat: '1' };
  const { changed, until } = watch();
  let receive: Receive = () => Promise.reject(new TypeError('the connector was not started'));

  const connector: RecordingConnector = {
    name: 'test',
    canPrompt: options.canPrompt ?? true,
    chat,
    sent: [],
    notices: [],
    replies: [],
    prompts: [],
    files: new Map(),
    start: async (ear) => {
      receive = ear;
    },
    stop: async () => {},
    send: async (_chat, message) => {
      connector.sent.push(textOf(message.content));
      connector.notices.push(message);
      changed();
    },
    openReply: (_chat, tracing) => recordReply(connector, tracing, changed),
    showPrompt: async (to, view) => {
      const message = { chat: to, message: `m${connector.prompts.length}` };
      connector.prompts.push({ view, message, outcome: undefined });
      changed();
      return message;
    },
    updatePrompt: async (message, view) => {
      const shown = connector.prompts.find((prompt) => prompt.message.message === message.message);
      if (shown) shown.view = view;
      changed();
    },
    closePrompt: async (message, view, outcome) => {
      const shown = connector.prompts.find((prompt) => prompt.message.message === message.message);
      if (shown) Object.assign(shown, { view, outcome });
      changed();
    },
    fetchFile: async (_chat, { ref }, limitBytes, signal) => {
      signal.throwIfAborted();
      return fileIn(connector.files, ref, limitBytes);
    },
    act: (body, by = {}) =>
      receive({
        id: newId<'InboundId'>(),
        chat,
        isPrivate: true,
        person: ada,
        receivedAt: 0,
        ...by,
        ...body,
      }),
    write: (text) => connector.act({ kind: 'text', text }),
    tap: (prompt, choice) => connector.act({ kind: 'tap', prompt, choice }),
    until,
  };
  return connector;
}

function fileIn(files: ReadonlyMap<string, Uint8Array>, ref: string, limitBytes: number): Uint8Array {
  const bytes = files.get(ref);
  if (!bytes) throw new Error('it is gone');
  if (bytes.length > limitBytes) throw new Error('it is too large');
  return bytes;
}

/** Looks at conditions anew whenever something has changed. */
function watch(): { readonly changed: () => void; readonly until: RecordingConnector['until'] } {
  const waiting = new Set<() => void>();
  return {
    changed: () => {
      for (const check of waiting) check();
    },
    until: (condition) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (!condition()) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      }),
  };
}

function recordReply(
  connector: RecordingConnector,
  tracing: Tracing | undefined,
  changed: () => void,
): Reply {
  const record: RecordingConnector['replies'][number] = { shown: [], final: undefined, tracing };
  connector.replies.push(record);
  return {
    show: (state) => {
      record.shown.push(state);
      changed();
    },
    finish: async (state) => {
      record.final = state;
      changed();
    },
  };
}

function textOf(content: Content): string {
  return 'markdown' in content ? content.markdown : content.text;
}
