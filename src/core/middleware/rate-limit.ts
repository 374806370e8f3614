import type { Clock } from '../../util/clock.ts';
import type { Log } from '../../util/log.ts';
import type { LiveSettings } from '../engine-settings.ts';
import type { ChatRef, Inbound, PersonId } from '../ports/chat.ts';
import type { Middleware } from './compose.ts';

export interface RateLimitOptions {
  /** Requests a minute and person (0 turns the limit off), and how many may come at once. */
  readonly settings: LiveSettings<'rateLimitRpm' | 'rateLimitBurst'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Of interest only for a moment. */
  readonly say: (chat: ChatRef, text: string) => void;
}

type Bucket = { tokens: number; filledAt: number; album: string | undefined };

/**
 * A token bucket a person. Taps are free, and so is /stop: what calms things down must never have to wait. An album
 * counts once, whatever the number of its parts.
 */
export function rateLimit(options: RateLimitOptions): Middleware {
  const { settings, clock } = options;
  const buckets = new Map<PersonId, Bucket>();

  /** Takes a token; otherwise the milliseconds until there is one. */
  const take = (person: PersonId, album: string | undefined): number => {
    const { rateLimitRpm, rateLimitBurst: burst } = settings.now;
    const msPerToken = 60_000 / rateLimitRpm;
    const now = clock.monotonic();
    const bucket = buckets.get(person) ?? { tokens: burst, filledAt: now, album: undefined };
    bucket.tokens = Math.min(burst, bucket.tokens + (now - bucket.filledAt) / msPerToken);
    bucket.filledAt = now;
    buckets.set(person, bucket);
    if (album !== undefined && album === bucket.album) return 0;
    if (bucket.tokens < 1) return (1 - bucket.tokens) * msPerToken;
    bucket.tokens -= 1;
    bucket.album = album;
    return 0;
  };

  return async (inbound, next) => {
    if (settings.now.rateLimitRpm === 0 || isFree(inbound)) return next();
    const waitMs = take(inbound.person.id, albumOf(inbound));
    if (waitMs === 0) return next();
    const seconds = Math.ceil(waitMs / 1000);
    options.log.warn('rate_limited', { person: inbound.person.id, seconds });
    options.say(inbound.chat, `🐢 That was too fast. Send it again in ${seconds} s.`);
    return {};
  };
}

function isFree(inbound: Inbound): boolean {
  return inbound.kind === 'tap' || (inbound.kind === 'command' && inbound.name === 'stop');
}

function albumOf(inbound: Inbound): string | undefined {
  return 'album' in inbound ? inbound.album : undefined;
}
