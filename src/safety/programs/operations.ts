import type { Word } from '../types.ts';
import { wordSet } from '../word-set.ts';
import { amazon } from './cloud-aws.ts';
import { azure } from './cloud-az.ts';
import { google } from './cloud-gcloud.ts';
import { otherClouds } from './cloud-others.ts';
import { databases } from './databases.ts';
import { docker } from './docker.ts';
import { pickers } from './fzf.ts';
import { http } from './http.ts';
import { kubernetes } from './kubernetes.ts';
import { leashd } from './leashd.ts';
import { macos } from './macos.ts';
import { network } from './network.ts';
import { cryptography } from './openssl.ts';
import { systemPackages } from './packages-system.ts';
import { processes } from './processes.ts';
import { services } from './services.ts';
import { remoteShells } from './ssh.ts';
import type { ProgramReading } from './table.ts';
import { terminals } from './terminals.ts';
import { provisioning } from './terraform.ts';

const all = {
  ...docker,
  ...kubernetes,
  ...amazon,
  ...azure,
  ...google,
  ...otherClouds,
  ...provisioning,
  ...databases,
  ...http,
  ...remoteShells,
  ...network,
  ...processes,
  ...services,
  ...systemPackages,
  ...terminals,
  ...pickers,
  ...cryptography,
  ...macos,
  leashd,
};

type Reader = (words: readonly Word[]) => ProgramReading;

/** These wait for input, or end with how they are to be used, when nothing is said. */
const NEED_WORDS = wordSet(`
  docker podman nerdctl docker-compose podman-compose kubectl oc helm aws az gcloud auth0 terraform tofu packer
  cdk pulumi vault brew apt apt-get dnf launchctl diskutil hdiutil profiles sample security spctl tmutil openssl
  gpg pkgutil codesign qlmanage mdimport ansible-console ansible-pull ansible-test ansible-vault
`);

function withWords(read: Reader): Reader {
  return (words) =>
    words.length > 0
      ? read(words)
      : { touches: [], acts: [], unknowns: [{ about: 'option', why: 'what it is to do is not said' }] };
}

/** Programs about machines: containers, clouds, databases, networks, processes, the system itself. */
export const operations: Readonly<Record<string, Reader>> = Object.fromEntries(
  Object.entries<Reader>(all).map(([name, read]) => [name, NEED_WORDS.has(name) ? withWords(read) : read]),
);
