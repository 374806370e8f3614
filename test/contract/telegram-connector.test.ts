import { describeConnector } from './connector-contract.ts';
import { openTelegramBench } from './telegram-bench.ts';

describeConnector('telegram', async () => {
  const { api, ada, chat, connector, close } = await openTelegramBench();
  return {
    connector,
    chat,
    says: async (text) => {
      ada.send(text);
    },
    taps: async (message, prompt, choiceId) => {
      const label = prompt.choices.find(({ id }) => id === choiceId)?.label ?? choiceId;
      ada.tap(label, { message: Number(message.message) });
    },
    screen: () =>
      api
        .messages(ada)
        .flatMap(({ text, attached, keyboard }) => [
          attached?.name ?? '',
          text,
          ...keyboard.flat().map(({ label }) => `[${label}]`),
        ])
        .join('\n'),
    dispose: close,
  };
});
