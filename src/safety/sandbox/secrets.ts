import { foldPath } from '../paths.ts';

/** Names of files that hold credentials, folded; tested against the last name of a path. */
const SECRET_NAMES = new RegExp(
  `^(?:${[
    '\\.env(?:\\..*)?|.+\\.env|\\.flaskenv',
    'id_(?:rsa|dsa|ecdsa|ed25519)(?:[_-].*)?',
    '.*\\.(?:pem|key|ppk|p12|pfx|p8|jks|keystore|kdbx|asc\\.key|gpg\\.key|ovpn)',
    '\\.netrc|_netrc|\\.npmrc|\\.pypirc|\\.pgpass|\\.my\\.cnf|\\.mylogin\\.cnf|\\.git-credentials|\\.htpasswd',
    '\\.dockercfg|\\.vault-token|\\.boto|\\.s3cfg|\\.terraformrc|kubeconfig|.+\\.kubeconfig',
    'credentials(?:\\.(?:json|ya?ml|toml|ini|csv|tfrc\\.json))?|\\.credentials(?:\\.json)?',
    'secrets?\\.(?:json|ya?ml|toml|ini)',
    'client_secrets?.*\\.json|service[-_]?account.*\\.json|.*[-_]service[-_]?account\\.json',
    'application_default_credentials\\.json',
    '\\.(?:bash|zsh|psql|mysql|node_repl|python|sqlite)_history|\\.claude\\.json',
    'terraform\\.tfstate|.*\\.tfvars(?:\\.json)?',
    'g?shadow-?|sudoers',
  ].join('|')})$`,
);

/** Templates that show which settings there are, without their values. */
const TEMPLATES = /(?:^|\.)(?:example|sample|template|dist|defaults?|schema)(?:\.env)?$/;

/** Folders that hold credentials, as part of a folded path. */
const SECRET_PLACES = new RegExp(
  `(?:${[
    '/\\.(?:ssh|aws|azure|gnupg|password-store|oci|sops)(?:/|$)',
    '/\\.config/(?:gcloud|gh|hub|op|rclone|doctl|sops|google-chrome|chromium|git/credentials)(?:/|$)',
    '/\\.(?:kube/config|docker/config\\.json|cargo/credentials(?:\\.toml)?|gem/credentials)$',
    '/\\.(?:m2/settings(?:-security)?\\.xml|gradle/gradle\\.properties|terraform\\.d/credentials\\.tfrc\\.json)$',
    '/\\.(?:mozilla|thunderbird)/|/library/(?:keychains|cookies|application support/(?:google/chrome|firefox))/',
    '^/proc/[^/]+/(?:task/[^/]+/)?(?:environ|mem|maps|fd|root|cwd)(?:/|$)|^/etc/ssl/private/|^/run/secrets/|^/var/run/secrets/',
  ].join('|')})`,
);

/** What editors and careful people add to the name of a copy. */
const BACKUP = /(?:~|\.(?:bak|backup|old|orig|save|copy|swp|tmp|\d+))+$/;

/** Public parts of keys, and what else lies among credentials without being one. */
const NOT_SECRET = /\.pub$|\/\.ssh\/(?:known_hosts(?:\.old)?|authorized_keys)$/;

/**
 * What kind of secret an absolute path names, in words, or undefined. By name alone, whether it exists or not, and
 * as the most forgiving file system compares names.
 */
export function secretKind(path: string): string | undefined {
  const folded = foldPath(path);
  if (NOT_SECRET.test(folded)) return undefined;
  if (SECRET_PLACES.test(folded)) return 'a place where credentials are kept';
  const name = folded.slice(folded.lastIndexOf('/') + 1);
  const bare = name.replace(BACKUP, '');
  if (!SECRET_NAMES.test(bare) || TEMPLATES.test(bare)) return undefined;
  return 'a file that holds credentials';
}
