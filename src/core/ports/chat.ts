import type { Branded } from '../../util/ids.ts';

/** Where a conversation happens. `thread` is a topic inside the chat, where the connector has them. */
export type ChatRef = {
  readonly connector: string;
  readonly chat: string;
  readonly thread?: string | undefined;
};

/** A chat as one string (`telegram:1234`), to key maps and rows with. */
export type ChatKey = Branded<'ChatKey'>;

export function chatKey(chat: ChatRef): ChatKey {
  const parts = [chat.connector, chat.chat, ...(chat.thread === undefined ? [] : [chat.thread])];
  return parts.join(':') as ChatKey;
}

/** Who did something: `id` is unique over all connectors (`telegram:42`, `terminal:local`). */
export type Person = { readonly id: PersonId; readonly name: string };
export type PersonId = Branded<'PersonId'>;

export function personId(connector: string, id: string | number): PersonId {
  return `${connector}:${id}` as PersonId;
}

/** A message that a connector has shown, by which it can be found again. */
export type MessageRef = { readonly chat: ChatRef; readonly message: string };

export type PromptId = Branded<'PromptId'>;
export type SessionId = Branded<'SessionId'>;
export type TurnId = Branded<'TurnId'>;
/** Unique for ever over all connectors (`telegram:<bot>:<update_id>`): what makes a redelivered update harmless. */
export type InboundId = Branded<'InboundId'>;

/** What came with a text; only named here, and fetched when the agent is to have it. */
export type Attached = {
  readonly files?: readonly InboundFile[] | undefined;
  /** Messages of one album have the same: they were sent as one. */
  readonly album?: string | undefined;
};

/** A file as its sender describes it, which need not be true. */
export type InboundFile = {
  /** The connector's own id of it, by which it can be fetched. */
  readonly ref: string;
  /** One line without control characters. */
  readonly fileName: string;
  readonly mediaType: string;
  readonly sizeBytes?: number | undefined;
};

/** `from`: the session that it ends; once the chat has moved on from there, it is an ordinary message. */
export type Afresh = {
  readonly from: SessionId;
  /** The mode of the fresh conversation. */
  readonly mode: string;
  /** SHA-256, hexadecimal, of the plan that is to be carried out. */
  readonly plan?: string | undefined;
};

/** A turn in a mode of its own, after which the session goes back to the one it had. */
export type ModeWork = {
  /** The name of the mode. */
  readonly mode: string;
  /** What it works on, for whoever knows the mode: a repository's top. */
  readonly about: string;
  /** The name of the mode to go back to after a crash. */
  readonly back: string;
};

/** What a person did. */
export type Inbound = {
  readonly id: InboundId;
  readonly chat: ChatRef;
  /** A chat with this one person alone. */
  readonly isPrivate: boolean;
  readonly person: Person;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly receivedAt: number;
} & InboundBody;

export type InboundBody =
  | ({
      readonly kind: 'text';
      /** Empty where files came without a caption. */
      readonly text: string;
      /** The connector's id of this message, where it has one. Ids that are whole numbers grow within a chat. */
      readonly message?: string | undefined;
      /** The connector's id of the message this one replies to. */
      readonly replyTo?: string | undefined;
      /** leashd's own message: the turn that takes it up begins a fresh conversation for it. */
      readonly afresh?: Afresh | undefined;
      /** leashd's own message: the turn that takes it up does this work. */
      readonly modeWork?: ModeWork | undefined;
    } & Attached)
  /** `/name args`; the name is in lower case and without slash or bot name. */
  | ({ readonly kind: 'command'; readonly name: string; readonly args: string } & Attached)
  /** A button of a prompt; `message` is the connector's id of the message it stands under. */
  | {
      readonly kind: 'tap';
      readonly prompt: PromptId;
      readonly choice: string;
      readonly message?: string | undefined;
      /** The connector is sure that this message shows the question; else anybody may have named it. */
      readonly isItsCard?: boolean | undefined;
    }
  /** Something that can't be taken yet; `what` names it for the refusal ("a voice message"). */
  | { readonly kind: 'unsupported'; readonly what: string };
