import { texts } from './texts.ts';

const STEPS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const;

/** "3 minutes ago", in the window's language. @param then in milliseconds since 1970. */
export function ageOf(then: number, now = Date.now()): string {
  const seconds = Math.max(0, (now - then) / 1000);
  const [unit, length] = STEPS.find(([, step]) => seconds >= step) ?? ['second', 1];
  if (unit === 'second') return texts.start.justNow;
  const words = new Intl.RelativeTimeFormat(texts.language, { numeric: 'auto' });
  return words.format(-Math.floor(seconds / length), unit);
}
