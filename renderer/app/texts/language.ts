/** The same table in another language: every key, every argument, every list as long. A missing one does not compile. */
export type Translated<T> = T extends string
  ? string
  : T extends (...args: infer A) => string
    ? (...args: A) => string
    : { readonly [K in keyof T]: Translated<T[K]> };

/** Numbers and plurals as a language writes them. */
export function inLanguage(language: string): {
  /** "1,234", "0.4": as many digits after the point as said, none when left out. */
  number(value: number, digits?: number): string;
  /** A count and what is counted, "1 picture", "3 pictures". */
  counted(count: number, one: string, other: string): string;
  /** What is said of one, or of several. */
  plural<T>(count: number, one: T, other: T): T;
} {
  const rules = new Intl.PluralRules(language);
  const formats = new Map<number, Intl.NumberFormat>();
  const number = (value: number, digits = 0): string => {
    let format = formats.get(digits);
    if (!format) {
      const places = { minimumFractionDigits: digits, maximumFractionDigits: digits };
      formats.set(digits, (format = new Intl.NumberFormat(language, places)));
    }
    return format.format(value);
  };
  const plural = <T>(count: number, one: T, other: T): T => (rules.select(count) === 'one' ? one : other);
  return {
    number,
    plural,
    counted: (count, one, other) => `${number(count)} ${plural(count, one, other)}`,
  };
}
