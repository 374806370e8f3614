import { describe, expect, it } from 'vitest';
import { findDoorFaults } from './door-rules.ts';

const faults = (path: string, text: string): string[] => findDoorFaults([{ path, text }], new Set(['fs']));

describe('the doors between rooms', () => {
  it.each([
    ['src/core/engine.ts', `import { a } from './ports/chat.ts';`],
    ['src/core/engine.ts', `import { a } from '../util/clock.ts';\nimport { b } from '../errors.ts';`],
    ['src/core/ports/gate.ts', `import type { A } from '../../safety/types.ts';`],
    ['src/app/create-app.ts', `import { a } from '../connectors/telegram/x.ts';`],
    ['src/connectors/telegram/x.ts', `import { Bot } from 'grammy';`],
    ['src/safety/x.ts', `// import { a } from '../core/engine.ts';`],
    ['src/safety/x.test.ts', `import { a } from '../core/engine.ts';`],
  ])('%s may: %s', (path, text) => {
    expect(faults(path, text)).toEqual([]);
  });

  it.each([
    ['src/core/engine.ts', `import { a } from '../storage/sessions.ts';`],
    ['src/core/engine.ts', `import type { A } from '../safety/types.ts';`],
    ['src/core/ports/chat.ts', `import type { A } from '../../safety/types.ts';`],
    ['src/safety/x.ts', `import { a } from '../core/engine.ts';`],
    ['src/safety/x.ts', `export * from '../core/engine.ts';`],
    ['src/safety/x.ts', `const a = await import('../core/engine.ts');`],
    ['src/connectors/telegram/x.ts', `import { a } from '../terminal/y.ts';`],
    ['src/connectors/terminal/x.ts', `import {\n  Bot,\n} from 'grammy';`],
    ['src/storage/sessions.ts', `import { DatabaseSync } from 'node:sqlite';`],
    ['src/core/x.ts', `import { a } from 'left-pad';`],
    ['src/core/x.ts', `import { a } from 'fs';`],
    ['src/attic/x.ts', `import { a } from '../core/y.ts';`],
  ])('%s may not: %s', (path, text) => {
    expect(faults(path, text)).toHaveLength(1);
  });
});
