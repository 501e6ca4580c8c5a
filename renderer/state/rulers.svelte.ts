import { texts } from '../app/texts.ts';
import { MAX_ASSISTANTS, type Assistant } from '../paint/guides/assistants.ts';
import { NO_GUIDES, type Guides } from '../paint/guides/guides.ts';
import type { SymmetryKind } from '../paint/guides/symmetry.ts';
import { setGuides } from '../paint/operations.ts';
import type { OpenDocument } from './open-document.svelte.ts';
import { toolSettings } from './tool-settings.svelte.ts';

export const guidesOf = (document: OpenDocument | undefined): Guides => document?.painted.guides ?? NO_GUIDES;

/** What is done to a drawing's rulers and symmetry; each a step of its history. */
class Rulers {
  /** The ruler touched last. */
  chosenId = $state<string | undefined>(undefined);

  /** @param drags a drag goes on: the step is made at its end. */
  set(document: OpenDocument, change: Partial<Guides>, drags: boolean, label: string): void {
    document.change((now) => setGuides(now, change), drags ? 'never' : 'now', label);
  }

  put(document: OpenDocument, assistant: Assistant, drags: boolean): void {
    const { assistants } = guidesOf(document);
    const known = assistants.some(({ id }) => id === assistant.id);
    if (!known && assistants.length >= MAX_ASSISTANTS) return;
    const next = known
      ? assistants.map((other) => (other.id === assistant.id ? assistant : other))
      : [...assistants, assistant];
    this.chosenId = assistant.id;
    this.set(document, { assistants: next }, drags, texts.guides.history.ruler);
  }

  remove(document: OpenDocument, id: string): void {
    const assistants = guidesOf(document).assistants.filter((other) => other.id !== id);
    this.set(document, { assistants }, false, texts.guides.history.ruler);
  }

  clear(document: OpenDocument): void {
    this.set(document, { assistants: [] }, false, texts.guides.history.ruler);
  }

  freshId(document: OpenDocument): string {
    const taken = new Set(guidesOf(document).assistants.map(({ id }) => id));
    let number = 1;
    while (taken.has(`assistant-${number}`)) number++;
    return `assistant-${number}`;
  }

  /** Turns symmetry on, around the middle of the page unless it was on already, or off. */
  setSymmetry(document: OpenDocument, kind: SymmetryKind | undefined): void {
    const { width, height } = document.painted;
    const { symmetryCount: count, symmetryMirrors: mirrors } = toolSettings.now;
    const before = guidesOf(document).symmetry ?? { x: width / 2, y: height / 2, count, mirrors };
    const symmetry = kind && { ...before, kind };
    this.set(document, { symmetry }, false, texts.guides.history.symmetry);
  }
}

export const rulers = new Rulers();
