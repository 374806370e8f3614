import { describe, expect, it } from 'vitest';
import { programEffects } from '../../../test/fixtures/program-effects.ts';

describe('docker', () => {
  it.each([
    ['docker manifest inspect host.example/x', 'host host.example, read-remote'],
    ['docker manifest inspect nginx:1', 'read-remote'],
    ['docker buildx inspect --bootstrap', 'read-remote, ?option'],
    ['docker compose -f oci://host.example/x config', 'host host.example, read-remote, list-environment'],
    [`docker ps -a --format '{{.Names}}'`, 'read-remote'],
    ['docker logs -f --tail 100 web', 'read-remote'],
    [`docker inspect -f '{{.State}}' web`, 'read-remote'],
    ['docker image ls -q', 'read-remote'],
    ['docker compose -f a.yml logs web', 'read a.yml, read-remote'],
    ['docker compose config', 'read-remote, list-environment'],
    ['docker compose config --services', 'read-remote'],
    ['docker image --help', ''],
    ['docker run --help', ''],
    [`docker run --rm -it alpine sh -c 'rm -rf /'`, 'run-file, change-system'],
    ['docker run alpine --help', 'run-file, change-system'],
    ['docker run -v /:/x alpine', 'run-file, change-system, ?option'],
    ['docker run --privileged alpine', 'run-file, change-system, privilege'],
    ['docker run --mount type=bind,src=/,dst=/x alpine', 'run-file, change-system, ?option'],
    ['docker --config x ps', '?option'],
    ['docker -H tcp://evil.example:2375 ps', 'host evil.example, read-remote'],
    ['docker exec web cat /etc/passwd', 'run-file, change-system'],
    ['docker build -f Dockerfile .', 'read Dockerfile, tree(all) ., run-project-code, change-system'],
    ['docker build --push .', 'tree(all) ., run-project-code, change-system, publish'],
    ['docker push me/app', 'publish'],
    ['docker pull nginx', 'install-packages'],
    ['docker rm -f web', 'change-system'],
    ['docker volume rm data', 'change-system, destroy-remote'],
    ['docker system prune -af --volumes', 'change-system, destroy-remote'],
    ['docker compose down', 'change-system'],
    ['docker compose down -v', 'change-system, destroy-remote'],
    ['docker compose up -d', 'run-project-code, change-system'],
    ['docker save -o image.tar web', 'write image.tar, read-remote'],
    ['docker cp web:/x /etc/y', '?option'],
    ['docker login', '?option'],
    ['docker my-plugin', '?option'],
    ['docker', '?option'],
  ])('%s', (line, expected) => {
    expect(programEffects(line)).toBe(expected);
  });
});
