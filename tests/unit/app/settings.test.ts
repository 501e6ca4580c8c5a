import './window.ts';
import { expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../electron/settings/schema.ts';
import { USUAL_SETTINGS } from '../../../renderer/state/settings.svelte.ts';

it('the window starts with the defaults of the host', () => {
  expect(USUAL_SETTINGS).toEqual(DEFAULT_SETTINGS);
});
