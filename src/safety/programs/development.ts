import { gh } from './gh.ts';
import { goTools } from './go.ts';
import { runningProjectCode } from './interpreters.ts';
import type { Reader } from './interpreters.ts';
import { jvm } from './jvm.ts';
import { builders } from './make.ts';
import { nodePackages } from './node-packages.ts';
import { nodeTools } from './node.ts';
import { npm } from './npm.ts';
import { otherLanguages } from './other-languages.ts';
import { pythonPackages } from './python-packages.ts';
import { pythonProjects } from './python-projects.ts';
import { python } from './python.ts';
import { rust } from './rust.ts';

const tools: Readonly<Record<string, Reader>> = {
  ...otherLanguages,
  ...jvm,
  ...builders,
  ...goTools,
  ...rust,
  ...pythonPackages,
  ...pythonProjects,
  ...python,
  ...nodeTools,
  ...nodePackages,
  ...npm,
  ...gh,
};

/** Files of the project, by what they start. They run even when they are only asked for their version. */
const PROJECT_FILES: readonly (readonly [string, string])[] = [
  ['mvnw', 'mvn'],
  ['gradlew', 'gradle'],
  ['bin/rails', 'rails'],
  ['vendor/bin/phpunit', 'phpunit'],
  ['vendor/bin/pest', 'pest'],
  ['vendor/bin/phpstan', 'phpstan'],
  ['vendor/bin/pint', 'pint'],
];

/** Programs that developers and their agents use all day. */
export const development: Readonly<Record<string, Reader>> = {
  ...tools,
  ...Object.fromEntries(
    PROJECT_FILES.flatMap(([file, tool]) => {
      const read = tools[tool];
      if (read === undefined) return [];
      return [`./${file}`, file]
        .filter((name) => name.includes('/'))
        .map((name) => [name, runningProjectCode(read)] as const);
    }),
  ),
};
