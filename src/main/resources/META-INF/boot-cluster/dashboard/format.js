// Values as people read them. What is not known is a dash.

export const UNKNOWN = "–";

const WHOLE = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

const BYTE_UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];

function known(value) {
  return typeof value === "number" && Number.isFinite(value);
}

/** Three digits or so. */
function short(value) {
  if (value === 0 || value >= 100) {
    return WHOLE.format(value);
  }
  return value.toFixed(value >= 10 ? 1 : 2);
}

export function count(value) {
  return known(value) ? WHOLE.format(value) : UNKNOWN;
}

/** Of something a second. */
export function rate(value) {
  if (!known(value)) {
    return UNKNOWN;
  }
  return value >= 10_000 ? `${(value / 1000).toFixed(1)} k` : short(value);
}

/** Seconds, mostly far less than one. */
export function latency(seconds) {
  if (!known(seconds)) {
    return UNKNOWN;
  }
  return seconds >= 1 ? `${short(seconds)} s` : `${short(seconds * 1000)} ms`;
}

export function bytes(value) {
  if (!known(value)) {
    return UNKNOWN;
  }
  let unit = 0;
  let rest = value;
  while (rest >= 1024 && unit < BYTE_UNITS.length - 1) {
    rest /= 1024;
    unit++;
  }
  return `${rest >= 10 || unit === 0 ? WHOLE.format(rest) : rest.toFixed(1)} ${BYTE_UNITS[unit]}`;
}

export function percent(fraction) {
  return known(fraction) ? `${WHOLE.format(fraction * 100)} %` : UNKNOWN;
}

/** The two largest units of a time in seconds. */
export function duration(seconds) {
  if (!known(seconds)) {
    return UNKNOWN;
  }
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) {
    return `${whole} s`;
  }
  if (whole < 3600) {
    return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  }
  if (whole < 86_400) {
    return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
  }
  return `${Math.floor(whole / 86_400)} d ${Math.floor((whole % 86_400) / 3600)} h`;
}

/** Of the day, in the place where the page is read. */
export function timeOfDay(date) {
  const two = (value) => String(value).padStart(2, "0");
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
