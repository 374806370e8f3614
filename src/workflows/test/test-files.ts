const JS = '{ts,tsx,js,jsx,mts,cts,mjs,cjs}';
const JS_TESTS = [`**/*.{test,spec}.${JS}`, `**/__tests__/**/*.${JS}`, '**/__snapshots__/*.snap'];
const JS_E2E = [`**/*.{test,spec}.${JS}`, `e2e/**/*.${JS}`, `tests/e2e/**/*.${JS}`];
const PY = ['**/test_*.py', '**/*_test.py', '**/tests.py', '**/tests/**/*.py', '**/conftest.py'];

/** Where the tests of a framework usually stand: globs below the folder in which the framework was found. */
export const TEST_FILES: Readonly<Record<string, readonly string[]>> = {
  vitest: JS_TESTS,
  jest: JS_TESTS,
  mocha: [...JS_TESTS, `test/**/*.${JS}`],
  ava: [...JS_TESTS, `test/**/*.${JS}`],
  'node:test': [...JS_TESTS, `test/**/*.${JS}`],
  playwright: JS_E2E,
  cypress: [`cypress/e2e/**/*.${JS}`, `**/*.cy.${JS}`],
  'deno test': [...JS_TESTS, `**/*_test.${JS}`],
  pytest: PY,
  unittest: PY,
  tox: PY,
  nox: PY,
  django: PY,
  'cargo test': ['tests/**/*.rs'],
  'go test': ['**/*_test.go'],
  maven: ['src/test/**/*.{java,kt,groovy,scala}'],
  gradle: ['src/{test,integrationTest}/**/*.{java,kt,groovy,scala}'],
  rspec: ['spec/**/*_spec.rb'],
  rails: ['test/**/*_test.rb'],
  minitest: ['test/**/*_test.rb', 'test/**/test_*.rb'],
  phpunit: ['tests/**/*Test.php'],
  pest: ['tests/**/*.php'],
  laravel: ['tests/**/*Test.php'],
  exunit: ['test/**/*_test.exs'],
  'dotnet test': ['**/*{Test,Tests}.{cs,fs,vb}'],
};

/** Never a test of the project, whatever it is called. */
export const NO_TEST_FILES: readonly string[] = ['node_modules', '.git', 'vendor', '.venv', 'target'].map(
  (folder) => `!./**/${folder}/**`,
);
