import { MachineError } from '../../errors.ts';
import { launchd } from './launchd.ts';
import type { ServiceHost, ServiceManager } from './service-manager.ts';
import { systemd } from './systemd.ts';

/** @throws MachineError where there is neither, with what to do instead. */
export async function findManager(host: ServiceHost): Promise<ServiceManager> {
  const manager = host.platform === 'darwin' ? await launchd(host) : await systemd(host);
  if (manager !== undefined) return manager;
  const [missing, hint] =
    host.platform === 'darwin'
      ? ['launchd does not answer', 'Log in at the Mac itself, not over ssh, or use: leashd start']
      : [
          'the systemd of your account does not answer',
          'Without it: leashd start, and @reboot in your crontab. In WSL: systemd=true below [boot] in /etc/wsl.conf. After su or sudo: log in as that account itself.',
        ];
  throw new MachineError('NO_SERVICE_MANAGER', `no service can be installed here: ${missing}`, { hint });
}
