import { describe, expect, it } from 'vitest';
import { programEffects } from '../../../test/fixtures/program-effects.ts';

describe('provisioning', () => {
  it.each([
    ['terraform state pull', '?option'],
    ['terraform fmt -check', 'names .'],
    ['terraform fmt -check -diff', 'tree(all) .'],
    ['cdk acknowledge 1', '?option'],
    ['vagrant box list', 'run-project-code'],
    ['terraform plan', 'read-remote, run-project-code'],
    ['terraform plan -out=plan.bin', 'write plan.bin, read-remote, run-project-code'],
    ['terraform -chdir=infra show -json', 'in infra, read-remote'],
    ['terraform state list', 'read-remote'],
    ['terraform output -json', 'read-remote'],
    ['terraform validate', 'read-remote'],
    ['terraform fmt -check -recursive', 'names .'],
    ['terraform fmt', 'write .'],
    ['terraform init', 'install-packages'],
    ['terraform apply -auto-approve', 'change-remote, run-project-code'],
    ['terraform destroy', 'destroy-remote, run-project-code'],
    ['terraform state rm x', 'change-remote, run-project-code'],
    ['terraform --version', ''],
    ['terraform plan --help', ''],
    ['tofu show', 'read-remote'],
    ['pulumi preview', 'read-remote, run-project-code'],
    ['pulumi destroy -y', 'destroy-remote, run-project-code'],
    ['packer validate -var-file=x.json t.json', 'read x.json, read t.json'],
    ['packer build .', 'read ., run-project-code, change-remote'],
    ['vault status', 'read-remote'],
    ['vault kv get secret/x', '?option'],
    ['vault list secret/', 'read-remote'],
    ['cdk diff', 'read-remote, run-project-code'],
    ['cdk destroy', 'destroy-remote, run-project-code'],
  ])('%s', (line, expected) => {
    expect(programEffects(line)).toBe(expected);
  });
});
