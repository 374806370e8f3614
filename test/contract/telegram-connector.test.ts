import { connectorContract } from '../../src/testing/index.ts';
import { runChecks } from './run-checks.ts';
import { openTelegramBench } from './telegram-bench.ts';

for (const hasDrafts of [false, true]) {
  runChecks(
    `telegram ${hasDrafts ? 'with' : 'without'} drafts`,
    connectorContract(async () => {
      const { api, ada, chat, connector, close } = await openTelegramBench({ server: { hasDrafts } });
      return {
        connector,
        chat,
        says: async (text) => {
          ada.send(text);
        },
        sendsFile: async ({ name, bytes, caption }) => {
          ada.document({ name, content: bytes, caption });
        },
        taps: async (message, prompt, choiceId) => {
          const label = prompt.choices.find(({ id }) => id === choiceId)?.label ?? choiceId;
          ada.tap(label, { message: Number(message.message) });
        },
        screen: () =>
          [
            ...api
              .messages(ada)
              .flatMap(({ text, attached, keyboard }) => [
                attached?.name ?? '',
                text,
                ...keyboard.flat().map(({ label }) => `[${label}]`),
              ]),
            ...ada.chat.drafts().map(({ text }) => text),
          ].join('\n'),
        dispose: close,
      };
    }),
  );
}
