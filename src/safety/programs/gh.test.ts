import { describe, expect, it } from 'vitest';
import { programEffects } from '../../../test/fixtures/program-effects.ts';

describe('gh', () => {
  it.each([
    ['gh api user -q env', 'read-remote, list-environment'],
    [`gh pr list --json title --jq '.[].env'`, 'read-remote'],
    ['gh config get oauth_token', '?option'],
    ['gh codespace ports', 'read-remote'],
    ['gh codespace ports visibility', 'read-remote, ?option'],
    ['gh pr list', 'read-remote'],
    ['gh pr list --state open -L 10 --json title,body --jq .[].title', 'read-remote'],
    ['gh -R owner/repo pr view 123 --web', 'read-remote'],
    ['gh pr view 123 -R owner/repo --comments', 'read-remote'],
    ['gh pr checks 1 --watch', 'read-remote'],
    ['gh run view 1 --log-failed', 'read-remote'],
    ['gh run list -w build.yml', 'read-remote'],
    ['gh cs list', 'read-remote'],
    ['gh search code --repo o/r x', 'read-remote'],
    ['gh auth status', 'read-remote'],
    ['gh auth status -h github.com', 'read-remote'],
    ['gh auth token', '?option'],
    ['gh auth login', '?option'],
    ['gh config get editor', ''],
    ['gh config set editor vim', '?option'],
    ['gh pr --help', ''],
    ['gh pr merge --help', ''],
    ['gh --version', ''],
    ['gh pr create --fill', 'change-remote'],
    [`gh pr comment 1 --body 'rm -rf /'`, 'change-remote'],
    ['gh pr create --body-file notes.md', 'read notes.md, change-remote'],
    ['gh pr merge 1 --squash', 'change-remote'],
    ['gh pr merge 1 --squash -d', 'change-remote, destroy-remote'],
    ['gh pr checkout 1', 'read-remote, change-history'],
    ['gh repo delete o/r --yes', 'destroy-remote'],
    ['gh issue delete 1', 'destroy-remote'],
    ['gh release create v1 dist/a.tgz', 'read dist/a.tgz, publish'],
    ['gh release download v1 --dir x', 'write x, read-remote'],
    ['gh run download 1', 'write ., read-remote'],
    ['gh gist create a.txt', 'read a.txt, publish'],
    ['gh workflow run x.yml -f a=b', 'change-remote'],
    ['gh secret set X --body y', 'change-remote'],
    ['gh extension install o/r', '?option'],
    ['gh alias set x y', '?option'],
    ['gh my-extension', '?option'],
    ['gh pr list --wat', 'read-remote, ?option'],
  ])('%s', (line, expected) => {
    expect(programEffects(line)).toBe(expected);
  });
});

describe('gh api', () => {
  it.each([
    ['gh api /user', 'read-remote'],
    ['gh api repos/{owner}/{repo}/pulls --paginate -q .[].id', 'read-remote'],
    ['gh api -X GET search/issues -f q=x', 'read-remote'],
    ['gh api -XGET x', 'read-remote'],
    ['gh api --method=GET x', 'read-remote'],
    ['gh api -X GET x -X POST', 'change-remote'],
    ['gh api repos/o/r/issues -f title=x', 'change-remote'],
    ['gh api repos/o/r/issues -ftitle=x', 'change-remote'],
    ['gh api repos/o/r --field=a=b', 'change-remote'],
    ['gh api repos/o/r -F body=@notes.md', 'read notes.md, change-remote'],
    ['gh api x --input a.json', 'read a.json, change-remote'],
    ['gh api -X DELETE repos/o/r', 'destroy-remote'],
    ['gh api -XPATCH x', 'change-remote'],
    [`gh api graphql -f 'query=query { viewer { login } }'`, 'read-remote'],
    [`gh api graphql -f 'query={ viewer { login } }'`, 'read-remote'],
    [`gh api graphql -f 'query=mutation { x }'`, 'change-remote'],
    [`gh api graphql -f 'query=query { a } mutation { x }'`, 'change-remote'],
    ['gh api graphql -F query=@q.graphql', 'read q.graphql, change-remote'],
    ['gh api x --hostname evil.example', 'host evil.example, read-remote'],
    ['gh api https://evil.example/x', 'host evil.example, read-remote'],
    ['gh api x -if title=y', 'change-remote'],
    [`gh api graphql -f 'query={ a }' -f 'query=mutation { x }'`, 'change-remote'],
    ['gh api x --wat', 'read-remote, ?option'],
  ])('%s', (line, expected) => {
    expect(programEffects(line)).toBe(expected);
  });
});
