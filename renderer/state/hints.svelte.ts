import { texts } from '../app/texts.ts';
import { documents } from './documents.svelte.ts';
import { remember, remembered } from './remembered.ts';
import { settings } from './settings.svelte.ts';
import { studio } from './studio.svelte.ts';
import { workspaces } from './workspace.svelte.ts';

type HintId = keyof typeof texts.hints.of;

/** When each hint helps: the first that fits and was not put away is shown, one at a time. */
const WHEN: readonly { readonly id: HintId; readonly fits: () => boolean }[] = [
  { id: 'lens', fits: () => documents.active?.coloured === true && studio.tool !== 'lens' },
  { id: 'gaps', fits: () => documents.active !== undefined && studio.tool === 'fill' },
  { id: 'combine', fits: () => ['marquee', 'lasso', 'wand'].includes(studio.tool) },
  { id: 'straight', fits: () => documents.active !== undefined && studio.tool === 'brush' },
  { id: 'find', fits: () => (documents.active?.past.length ?? 0) > 2 },
];

/** Hints in the bottom line, where they cover nothing; each is shown until it is put away. */
class Hints {
  #done = $state.raw<readonly string[]>(remembered<string[]>('hints-done', []));
  readonly current = $derived.by<HintId | undefined>(() => {
    if (!settings.current.hints || workspaces.current !== 'paint') return undefined;
    return WHEN.find(({ id, fits }) => !this.#done.includes(id) && fits())?.id;
  });

  putAway(id: HintId): void {
    this.#done = [...this.#done, id];
    remember('hints-done', this.#done);
  }
}

export const hints = new Hints();
