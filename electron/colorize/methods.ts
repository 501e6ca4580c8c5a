import type { ColorizeMethod } from './method.ts';
import { inkwash } from './inkwash/index.ts';
import { nerk } from './nerk/index.ts';
import { palette } from './palette/index.ts';
import { scft } from './scft/index.ts';

/** Every method there is code for; which are offered depends on the models installed. */
export const METHODS: readonly ColorizeMethod[] = [inkwash, scft, nerk, palette];
