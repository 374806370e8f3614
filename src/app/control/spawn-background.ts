import { startDetached, type Detached } from '../../process/start-detached.ts';
import { openCrashFile } from './crash-file.ts';
import { fromBackground, type FromBackground, type ToBackground } from './relay.ts';

export type SpawnOptions = {
  /** Absolute: of the program that runs now. */
  readonly program: string;
  /** Absolute: where it is started. */
  readonly startDirectory: string;
  /** Absolute: where a crash is written down. */
  readonly logDir: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Whether somebody is there to be asked. */
  readonly hasPerson: boolean;
  readonly onMessage: (message: FromBackground) => void;
};

export type Background = Omit<Detached, 'send'> & { readonly answer: (message: ToBackground) => void };

/**
 * Starts a leashd in the background.
 * @throws MachineError when its process can't be started.
 */
export async function spawnBackground(options: SpawnOptions): Promise<Background> {
  const { program, startDirectory, logDir, environment, hasPerson, onMessage } = options;
  const args = [program, 'start', '--for-parent', hasPerson ? 'person' : 'nobody'];
  const crash = openCrashFile(logDir);
  try {
    const { send, ...detached } = await startDetached(args, {
      cwd: startDirectory,
      // Where npm was run: leashd is in that directory itself now.
      env: { ...environment, INIT_CWD: undefined },
      output: crash?.file,
      onMessage: (value) => {
        const message = fromBackground.safeParse(value);
        if (message.success) onMessage(message.data);
      },
    });
    return { ...detached, answer: send };
  } finally {
    crash?.close();
  }
}
