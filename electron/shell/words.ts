import { InvalidArgumentError } from 'commander';
import type { Provider, ProviderChoice } from '../engine/types.ts';

/** Parsers of option values: what is wrong is said in the option's own words. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most)
      throw new InvalidArgumentError(`expected a whole number from ${least} to ${most}, got "${text}".`);
    return value;
  };
}

export function oneOf<T extends string>(words: readonly T[]): (text: string) => T {
  return (text) => {
    const found = words.find((word) => word === text);
    if (found === undefined)
      throw new InvalidArgumentError(`expected one of ${words.join(', ')}, got "${text}".`);
    return found;
  };
}

export function onOff(text: string): boolean {
  return oneOf(['on', 'off'])(text) === 'on';
}

/** Collects an option that may be given several times. */
export function collect(text: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), text];
}

const PROVIDERS: readonly Provider[] = ['cpu', 'webgpu', 'cuda', 'dml', 'coreml'];
export const PROVIDER_CHOICES: readonly ProviderChoice[] = ['auto', ...PROVIDERS];
