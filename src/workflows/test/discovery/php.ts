import { USUAL_NAMES, type Ecosystem } from './part-view.ts';
import { asMapping, jsonMapping, textEntries } from './structured.ts';

const TESTERS = [
  ['pestphp/pest', 'pest', 'vendor/bin/pest'],
  ['phpunit/phpunit', 'phpunit', 'vendor/bin/phpunit'],
] as const;

export const php: Ecosystem = {
  name: 'php',
  markers: ['composer.json'],
  find(part) {
    const manifest = jsonMapping(part.text('composer.json'));
    if (manifest === undefined) return part.note('composer.json is no readable JSON mapping');
    const packages = new Set([
      ...textEntries(manifest['require']).keys(),
      ...textEntries(manifest['require-dev']).keys(),
    ]);
    const scripts = new Map(
      Object.entries(asMapping(manifest['scripts']) ?? {})
        .slice(0, 500)
        .map(([name, script]) => [name, typeof script === 'string' ? script : undefined]),
    );
    const found = {
      file: 'composer.json',
      key: 'scripts.',
      toArgv: (name: string) => ['composer', 'run', name],
    };
    part.named(scripts, USUAL_NAMES, found);
    for (const [name, framework, program] of TESTERS) {
      if (!packages.has(name)) continue;
      part.framework(framework, 'tests', 'composer.json', name);
      part.command({
        purpose: 'unit',
        argv: [program],
        file: 'composer.json',
        key: name,
        sureness: 'likely',
      });
    }
    if (packages.has('laravel/framework') && part.has('artisan')) {
      part.framework('laravel', 'web', 'composer.json', 'laravel/framework', 8000);
      part.command({ purpose: 'unit', argv: ['php', 'artisan', 'test'], file: 'artisan', key: 'test' });
      part.command({
        purpose: 'server',
        argv: ['php', 'artisan', 'serve'],
        file: 'artisan',
        key: 'serve',
        port: 8000,
      });
    } else if (packages.has('symfony/framework-bundle')) {
      part.framework('symfony', 'web', 'composer.json', 'symfony/framework-bundle', 8000);
      part.command({
        purpose: 'server',
        argv: ['symfony', 'server:start'],
        file: 'composer.json',
        key: 'symfony/framework-bundle',
        port: 8000,
        sureness: 'likely',
      });
    }
  },
};
