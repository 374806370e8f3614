import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    testTimeout: 20_000,
    hookTimeout: 20_000,
    maxWorkers: 2,
    // No test leaves anything behind in a module; loading them anew for each file took a third of the time.
    isolate: false,
    projects: [
      // One file, one function, at most one port: two minutes.
      project('unit', ['{src,scripts,bench}/**/*.test.ts']),
      // Several rooms, or a real program: the claude binary, bash, git, a browser.
      project('integration', ['test/{contract,fixtures,integration}/**/*.test.ts']),
      // leashd as its user has it, at the pace that Telegram sets: a message a second.
      project('e2e', ['test/{e2e,soak}/**/*.test.ts']),
    ],
  },
});

function project(name: string, include: string[]): object {
  return { extends: true, test: { name, include } };
}
