/** `45 s`, `12 min`, `3 h 20 min`, `2 d 4 h`: two units at most, rounded down, because an age is at least that. */
export function spanText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return pair(hours, 'h', minutes % 60, 'min');
  return pair(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

function pair(first: number, firstUnit: string, second: number, secondUnit: string): string {
  return second === 0 ? `${first} ${firstUnit}` : `${first} ${firstUnit} ${second} ${secondUnit}`;
}

/** `0:42`, `12:05`, `1:02:03`: what is left, rounded up, so that zero means now. */
export function countdownText(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, '0'))).join(':');
}

/** `11:58:04Z`, with the day in front when it is not the day of `now`. */
export function clockText(iso: string, nowMs: number): string {
  const utc = new Date(iso).toISOString();
  const today = new Date(nowMs).toISOString().slice(0, 10);
  const day = utc.slice(0, 10);
  return `${day === today ? '' : `${day} `}${utc.slice(11, 19)}Z`;
}

/** `48 ms`, `1.2 s`, `2 min`. */
export function durationText(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : spanText(ms / 1000);
}
