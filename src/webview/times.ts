const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

const steps: readonly { readonly unit: Intl.RelativeTimeFormatUnit; readonly seconds: number }[] = [
  { unit: 'year', seconds: 365 * day },
  { unit: 'month', seconds: 30 * day },
  { unit: 'week', seconds: 7 * day },
  { unit: 'day', seconds: day },
  { unit: 'hour', seconds: hour },
  { unit: 'minute', seconds: minute },
];

/** Formats times in one language. Building Intl objects is slow, so one of these is kept. */
export interface Times {
  /** "2 hours ago"; a time in the future reads "in 2 hours". The text itself when it is no time. */
  relative(at: string, now: number): string;
  /** Day and minute in full words, on this machine's clock. */
  full(at: string): string;
  /** The day in full words. */
  day(at: string): string;
}

export function timesIn(locale: string, timeZone?: string): Times {
  const zone = timeZone === undefined ? {} : { timeZone };
  const present = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  // Never "yesterday": 47 hours ago may be two days of the calendar away.
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'always' });
  const full = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'short', ...zone });
  const dayOnly = new Intl.DateTimeFormat(locale, { dateStyle: 'full', ...zone });
  const print = (format: Intl.DateTimeFormat, at: string): string => {
    const time = Date.parse(at);
    return Number.isNaN(time) ? at : format.format(time);
  };
  return {
    relative: (at, now) => {
      const seconds = (Date.parse(at) - now) / 1000;
      if (Number.isNaN(seconds)) {
        return at;
      }
      const step = steps.find((candidate) => Math.abs(seconds) >= candidate.seconds);
      return step === undefined
        ? present.format(0, 'second')
        : relative.format(Math.trunc(seconds / step.seconds), step.unit);
    },
    full: (at) => print(full, at),
    day: (at) => print(dayOnly, at),
  };
}

/** Minutes east of UTC as `UTC+05:30`. */
export function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  const hours = String(Math.floor(size / 60)).padStart(2, '0');
  return `UTC${minutes < 0 ? '−' : '+'}${hours}:${String(size % 60).padStart(2, '0')}`;
}
