import { wordSet } from '../word-set.ts';

/** What programs only look at to choose language, colours, widths, and how much they say. */
const HARMLESS = wordSet(`
  LANG LANGUAGE TZ NO_COLOR FORCE_COLOR CLICOLOR CLICOLOR_FORCE COLORTERM CI DEBUG VERBOSE NODE_ENV RAILS_ENV
  RACK_ENV APP_ENV MIX_ENV GO_ENV PORT PYTHONUNBUFFERED PYTHONDONTWRITEBYTECODE PYTHONIOENCODING PYTHONUTF8
  PYTHONHASHSEED TERM COLUMNS LINES RUST_BACKTRACE RUST_LOG LOG_LEVEL TEST_ENV DO_NOT_TRACK
  DEBIAN_FRONTEND GIT_PAGER_IN_USE NEXT_TELEMETRY_DISABLED DOTNET_CLI_TELEMETRY_OPTOUT HUSKY_SKIP_INSTALL
`);

/** What bash or many programs take for the name of a program, a file of settings, or code. */
const DANGEROUS = new RegExp(
  `^(?:${[
    'PATH|CDPATH|IFS|ENV|BASH.*|SHELL.*|PS[0-4]|PROMPT_.*|HOME|PWD|OLDPWD|TMPDIR|TMP|TEMP|GLOBIGNORE|EXECIGNORE',
    'HIST.*|INPUTRC|POSIXLY_CORRECT|OPT(?:IND|ARG|ERR)|FUNCNEST|FCEDIT|TERMINFO.*|TERMCAP|XDG_.*|REPLY|MAPFILE|_',
    'LD_.*|DYLD_.*|GIT_.*|SSH_.*|GPG.*|LESS.*|MAN.*|NODE_.*|PYTHON.*|PERL.*|RUBY.*|RUST.*|CARGO_.*|JAVA_.*|_JAVA_.*',
    'JDK_.*|GO[A-Z]+|CGO_.*|UV_.*|PIP_.*|DOCKER_.*|KUBE.*|AWS_.*|AZURE_.*|GOOGLE_.*|GCLOUD_.*|CLOUDSDK_.*|LOCPATH',
    'NLSPATH|GCONV_PATH|CC|CXX|CPP|AR|LD|AS|RANLIB|MAKE.*|TAR.*|ZIP.*|UNZIP.*|GZIP.*|XZ_.*|RSYNC.*|ANSIBLE_.*',
    '[A-Za-z0-9_]*(?:OPTIONS|OPTS|FLAGS|PAGER|EDITOR|VISUAL|BROWSER|COMMAND|SHELL|WRAPPER|PRELOAD|_PATH|_HOME)',
    '[A-Za-z0-9_]*(?:_PROXY|_proxy|_CONFIG|_CONFIG_FILE|_RC|ASKPASS|_EXEC|_BIN|_CMD|_PROGRAM)|[a-z]+_config_.*',
  ].join('|')})$`,
);

/** `set`: a variable of the shell; `given`: one that programs get to see (`X=1 ls`, `export X=1`, `env X=1`). */
export type AssignmentWay = 'set' | 'given';

/** Why setting a variable is a doubt, or undefined when it is none. */
export function doubtOfAssignment(name: string, way: AssignmentWay, program: string): string | undefined {
  if (HARMLESS.has(name) || /^LC_[A-Z]+$/.test(name)) return undefined;
  // The usual way to read a file line by line.
  if (name === 'IFS' && way === 'given' && program === 'read') return undefined;
  if (way === 'set' && !DANGEROUS.test(name)) return undefined;
  return `it sets ${name}, which could change what programs do`;
}
