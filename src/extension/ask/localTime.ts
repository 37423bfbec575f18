/** A moment that somebody typed, as ISO 8601 UTC; null for what is no date of the calendar. Without an offset it is local. */
export function localTime(text: string): string | null {
  const parts =
    /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:?\d\d)?)?$/.exec(text);
  if (parts === null) {
    return null;
  }
  const [, year, month, date, clock = '00:00', offset = ''] = parts;
  const lastDay = new Date(Number(year), Number(month), 0).getDate();
  const time = new Date(`${year}-${month}-${date}T${clock}${offset}`);
  return Number(date) > lastDay || Number.isNaN(time.getTime()) ? null : time.toISOString();
}
