import { wordSet } from '../word-set.ts';

const RUNNERS = wordSet(`
  eval source . trap alias parallel flock script busybox chroot unshare nsenter su runuser systemd-run entr strace
  ltrace gdb fish tcsh csh bash sh zsh dash ksh builtin command doas env exec ionice nice nohup setsid stdbuf sudo
  time timeout watch xargs pkexec run0 proxychains proxychains4 firejail bwrap unbuffer expect rlwrap numactl taskset
  chrt prlimit setarch torsocks faketime fakeroot dbus-run-session xvfb-run ccache distcc direnv dotenv nodemon
`);

/** Whether a program's business is to run others. No rule may name it and mean only what it was given today. */
export function runsOthers(program: string): boolean {
  return RUNNERS.has(program);
}
