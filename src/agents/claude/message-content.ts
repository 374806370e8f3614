import type { SDKUserMessage } from '@anthropic-ai/claude-agent-sdk';
import type { TurnFile, TurnInput } from '../../core/ports/agent.ts';

export type MessageContent = SDKUserMessage['message']['content'];
type Block = Exclude<MessageContent, string>[number];

/**
 * What Claude Code is handed for a turn: files as content blocks ahead of the text. Measured on Agent SDK 0.3.330
 * (test/integration/claude-files.test.ts): documents and images pass on to the model as they are, but for images of
 * more than 2,000 pixels or some hundred kilobytes, which Claude Code makes smaller.
 */
export function messageContent({ text, files = [] }: TurnInput): MessageContent {
  if (files.length === 0) return text;
  const blocks = files.map(blockOf);
  // The API refuses an empty text.
  return text === '' ? blocks : [...blocks, { type: 'text', text }];
}

function blockOf(file: TurnFile): Block {
  switch (file.kind) {
    case 'image':
      return {
        type: 'image',
        source: { type: 'base64', media_type: file.mediaType, data: base64(file.data) },
      };
    case 'pdf':
      return {
        type: 'document',
        title: file.fileName,
        source: { type: 'base64', media_type: 'application/pdf', data: base64(file.data) },
      };
    case 'text':
      return {
        type: 'document',
        title: file.fileName,
        source: { type: 'text', media_type: 'text/plain', data: file.text },
      };
    default:
      return file satisfies never;
  }
}

function base64(data: Uint8Array): string {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64');
}
