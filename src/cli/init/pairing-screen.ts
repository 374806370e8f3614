import type { OpenPairing } from '../../app/init/pair-owner.ts';
import type { Surroundings } from '../commands/cli-command.ts';
import { isUtf8, qrLines } from './qr-code.ts';

/** What is shown while the person is waited for: a QR code where it fits, and the link and the code in any case. */
export function pairingScreen(
  { link, code }: Pick<OpenPairing, 'link' | 'code'>,
  { output, environment }: Pick<Surroundings, 'output' | 'environment'>,
): string {
  const byHand = `send your bot  /start ${code}`;
  if (link === undefined) return `In a private chat, ${byHand}`;
  const { columns, rows } = sizeOf(output);
  const beside = [
    'Scan this with the camera of your phone,',
    'and press Start in the chat that opens.',
    '',
    'Or open the link below on a device with Telegram.',
    '',
    `Or ${byHand}`,
  ];
  const code2d = isUtf8(environment) ? qrLines(link, { columns, rows }, beside) : undefined;
  if (code2d === undefined) {
    return ['', 'Open this link and press Start:', link, `(or ${byHand})`].join('\n');
  }
  return [...code2d, link].join('\n');
}

/** A stream that is no terminal has no size: then as small as they come. */
function sizeOf(output: object): { readonly columns: number; readonly rows: number } {
  const size = output as { columns?: unknown; rows?: unknown };
  const { columns, rows } = size;
  return { columns: typeof columns === 'number' ? columns : 0, rows: typeof rows === 'number' ? rows : 0 };
}
