import type { ColorizeMethod, MethodId } from './method.ts';
import { scft } from './scft/index.ts';

export const METHODS: Readonly<Record<MethodId, ColorizeMethod>> = { scft };
