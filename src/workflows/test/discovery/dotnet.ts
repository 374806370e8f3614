import type { Ecosystem } from './part-view.ts';

const PROJECT = /\.(?:cs|fs|vb)proj$/;

export const dotnet: Ecosystem = {
  name: 'dotnet',
  markers: ['*.sln', '*.slnx', '*.csproj', '*.fsproj', '*.vbproj'],
  find(part) {
    const solution = [...part.names].find((name) => /\.slnx?$/.test(name));
    const project = [...part.names].find((name) => PROJECT.test(name));
    const text = project === undefined ? '' : (part.text(project) ?? '');
    const isTest = /Microsoft\.NET\.Test\.Sdk|MSTest\.Sdk/.test(text);
    const file = solution ?? project;
    if (file !== undefined && (solution !== undefined || isTest)) {
      part.framework('dotnet test', 'tests', file, file);
      part.command({ purpose: 'unit', argv: ['dotnet', 'test'], file, key: file });
    }
    if (project === undefined || !text.includes('Microsoft.NET.Sdk.Web')) return;
    part.framework('asp.net', 'backend', project, 'Microsoft.NET.Sdk.Web', 5000);
    part.command({
      purpose: 'server',
      argv: ['dotnet', 'run'],
      file: project,
      key: 'Microsoft.NET.Sdk.Web',
      port: 5000,
      sureness: 'likely',
    });
  },
};
