import type { ServiceHost } from '../../app/service/service-manager.ts';
import type { Surroundings } from './cli-command.ts';

export function hostOf({ environment, homeDirectory }: Surroundings): ServiceHost {
  return { platform: process.platform, environment, homeDirectory, uid: process.getuid?.() ?? 0 };
}
