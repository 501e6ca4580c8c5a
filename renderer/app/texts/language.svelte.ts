import type { Settings } from '../../../electron/contract/settings.ts';

export type Language = Settings['language'];

/** The language of the window; the settings set it (appearance.svelte.ts). */
export const language = $state<{ current: Language }>({ current: 'en' });
