import type { Ecosystem } from './part-view.ts';

export const elixir: Ecosystem = {
  name: 'elixir',
  markers: ['mix.exs'],
  find(part) {
    part.framework('exunit', 'tests', 'mix.exs', 'project');
    part.command({ purpose: 'unit', argv: ['mix', 'test'], file: 'mix.exs', key: 'project' });
    if (!/\{\s*:phoenix\s*,/.test(part.text('mix.exs') ?? '')) return;
    part.framework('phoenix', 'web', 'mix.exs', ':phoenix', 4000);
    part.command({
      purpose: 'server',
      argv: ['mix', 'phx.server'],
      file: 'mix.exs',
      key: ':phoenix',
      port: 4000,
    });
  },
};
