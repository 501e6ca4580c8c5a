/** A small setting kept between starts in this window's storage; broken or missing storage gives the fallback. */
export function remembered<T>(key: string, fallback: T): T {
  try {
    const text = localStorage.getItem(`inkwash.${key}`);
    return text === null ? fallback : (JSON.parse(text) as T);
  } catch {
    return fallback;
  }
}

export function remember(key: string, value: unknown): void {
  try {
    localStorage.setItem(`inkwash.${key}`, JSON.stringify(value));
  } catch {
    // Private windows may refuse storage; the setting then lasts until the window closes.
  }
}
