import { settings } from '../state/settings.svelte.ts';
import { studio } from '../state/studio.svelte.ts';
import { language, type Language } from './texts/language.svelte.ts';

const SYSTEM_IS_LIGHT = '(prefers-color-scheme: light)';

function say(wanted: Language): void {
  language.current = wanted;
  document.documentElement.lang = wanted;
}

/** Keeps the window looking as the settings say: theme, size of controls, language. Lasts as long as the window. */
export function showAppearance(): void {
  say(settings.current.language);
  const system = matchMedia(SYSTEM_IS_LIGHT);
  let systemIsLight = $state(system.matches);
  system.addEventListener('change', ({ matches }) => (systemIsLight = matches));
  $effect.root(() => {
    $effect.pre(() => {
      const { theme, uiScale, touchMode, language: wanted } = settings.current;
      const { style, dataset } = document.documentElement;
      studio.theme = theme === 'system' ? (systemIsLight ? 'light' : 'dark') : theme;
      dataset['theme'] = studio.theme;
      dataset['touch'] = touchMode;
      style.setProperty('--ui-scale', String(uiScale));
      say(wanted);
    });
  });
}
