export type PackedFile = { readonly path: string; readonly mode: number };

/** npm runs these where a package is installed, and blocks them more and more. */
const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall', 'prepare'];

const NEEDED = [
  'package.json',
  'README.md',
  'LICENSE',
  'CHANGELOG.md',
  'dist/index.js',
  'dist/index.d.ts',
  'dist/testing/index.js',
  'dist/testing/index.d.ts',
  'dist/cli/main.js',
  'dist/agents/claude/browser-start.js',
  'policies/default.yaml',
  'policies/dev-tools.yaml',
  'shell/leashd-bash',
  'docs/configuration.md',
  'docs/operating.md',
];

const ROOMS = /^(?:dist\/.+\.(?:js|d\.ts)|policies\/[\w.-]+|shell\/leashd-bash|docs\/[\w-]+\.(?:md|json))$/;
const AT_THE_TOP = ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md'];

/** What is wrong with what npm would publish: what is missing, and what nobody who installs it needs. */
export function faultsOfFiles(files: readonly PackedFile[]): string[] {
  const paths = new Set(files.map(({ path }) => path));
  const missing = NEEDED.filter((path) => !paths.has(path)).map((path) => `the package lacks ${path}`);
  const useless = [...paths]
    .filter((path) => !AT_THE_TOP.includes(path) && (!ROOMS.test(path) || /\.test\./.test(path)))
    .map((path) => `nobody who installs the package needs ${path}`);
  return [...missing, ...useless];
}

export function faultsOfManifest(scripts: Readonly<Record<string, string>>): string[] {
  return INSTALL_SCRIPTS.filter((name) => Object.hasOwn(scripts, name)).map(
    (name) => `the script "${name}" would run where leashd is installed, or be blocked there`,
  );
}
