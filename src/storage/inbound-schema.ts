import { z } from 'zod';
import type {
  ChatRef,
  Inbound,
  InboundBody,
  InboundId,
  PersonId,
  PromptId,
  SessionId,
} from '../core/ports/chat.ts';
import { brandedSchema, timeSchema } from './rows.ts';

const chat: z.ZodType<ChatRef> = z.looseObject({
  connector: z.string().min(1),
  chat: z.string().min(1),
  thread: z.string().optional(),
});

const base = {
  id: brandedSchema<InboundId>(),
  chat,
  isPrivate: z.boolean(),
  person: z.looseObject({ id: brandedSchema<PersonId>(), name: z.string() }),
  receivedAt: timeSchema,
};

const attached = {
  files: z
    .array(
      z.looseObject({
        ref: z.string(),
        fileName: z.string(),
        mediaType: z.string(),
        sizeBytes: z.number().optional(),
      }),
    )
    .optional(),
  album: z.string().optional(),
};

const afresh = z.looseObject({
  from: brandedSchema<SessionId>(),
  mode: z.string().min(1),
  plan: z.string().optional(),
});

const modeWork = z.looseObject({ mode: z.string().min(1), about: z.string(), back: z.string().min(1) });

// One entry a kind: a kind that is missing here could be stored and never read again, so it is a type error.
const bodies = {
  text: {
    text: z.string(),
    message: z.string().optional(),
    replyTo: z.string().optional(),
    afresh: afresh.optional(),
    modeWork: modeWork.optional(),
    ...attached,
  },
  command: { name: z.string(), args: z.string(), ...attached },
  tap: { prompt: brandedSchema<PromptId>(), choice: z.string(), message: z.string().optional() },
  unsupported: { what: z.string() },
} satisfies Record<InboundBody['kind'], z.ZodRawShape>;

/** An inbound as the inbox holds it. Keys it doesn't know are kept, so that a field more is not lost. */
export const inboundSchema: z.ZodType<Inbound> = z.discriminatedUnion('kind', [
  z.looseObject({ ...base, kind: z.literal('text'), ...bodies.text }),
  z.looseObject({ ...base, kind: z.literal('command'), ...bodies.command }),
  z.looseObject({ ...base, kind: z.literal('tap'), ...bodies.tap }),
  z.looseObject({ ...base, kind: z.literal('unsupported'), ...bodies.unsupported }),
]);
