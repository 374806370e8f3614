import type { Ecosystem } from './part-view.ts';

export const ruby: Ecosystem = {
  name: 'ruby',
  markers: ['Gemfile'],
  find(part) {
    const gems = new Set(
      [...(part.text('Gemfile') ?? '').matchAll(/^[ \t]*gem[ \t]+["']([\w-]{1,80})["']/gm)].map(
        ([, name]) => name,
      ),
    );
    const has = (...names: readonly string[]): boolean => names.some((name) => gems.has(name));
    if (has('rspec', 'rspec-rails', 'rspec-core') || part.has('.rspec')) {
      part.framework('rspec', 'tests', 'Gemfile', 'rspec');
      part.command({ purpose: 'unit', argv: ['bundle', 'exec', 'rspec'], file: 'Gemfile', key: 'rspec' });
    }
    if (has('rails')) {
      part.framework('rails', 'web', 'Gemfile', 'rails', 3000);
      const sureness = part.hasCommand('unit') ? 'guess' : 'likely';
      part.command({ purpose: 'unit', argv: ['bin/rails', 'test'], file: 'Gemfile', key: 'rails', sureness });
      part.command({
        purpose: 'e2e',
        argv: ['bin/rails', 'test:system'],
        file: 'Gemfile',
        key: 'rails',
        sureness: 'guess',
      });
      part.command({
        purpose: 'server',
        argv: ['bin/rails', 'server'],
        file: 'Gemfile',
        key: 'rails',
        port: 3000,
      });
    } else if (part.has('config.ru')) {
      part.framework(has('sinatra') ? 'sinatra' : 'rack', 'backend', 'config.ru', 'config.ru', 9292);
      part.command({
        purpose: 'server',
        argv: ['bundle', 'exec', 'rackup'],
        file: 'config.ru',
        key: 'config.ru',
        port: 9292,
        sureness: 'likely',
      });
    }
    if (!part.hasCommand('unit') && part.has('Rakefile') && has('minitest', 'test-unit', 'rake')) {
      part.framework('minitest', 'tests', 'Gemfile', 'minitest');
      part.command({
        purpose: 'unit',
        argv: ['bundle', 'exec', 'rake', 'test'],
        file: 'Rakefile',
        key: 'test',
        sureness: 'likely',
      });
    }
  },
};
