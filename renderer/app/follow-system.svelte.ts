import { inWorkspace } from '../state/active-commands.ts';
import { commands, isEnabled, type CommandId } from '../state/commands.ts';
import { documents } from '../state/documents.svelte.ts';
import { isTyping } from './keyboard.ts';
import { openSystemFiles } from '../state/open-files.ts';
import { studio } from '../state/studio.svelte.ts';
import { askSystem, hasSystemMenu } from '../state/system.ts';
import { systemMenus } from './system-menus.ts';

/** Menus follow what is done, not every dab of a stroke. */
const MENUS_AFTER_MS = 100;

/** Ties this window to the desktop program around it. @returns how to let go. */
export function followSystem(): () => void {
  const stop = window.inkwash?.hear((event) => {
    if (event.type === 'files') void openSystemFiles();
    else choose(event.id);
  });
  const stopFront = $effect.root(() => {
    $effect(() => {
      const { active } = documents;
      const path = active?.path;
      void askSystem('drawing.front', { unsaved: documents.unsaved, ...(path !== undefined && { path }) });
    });
  });
  const stopMenus = hasSystemMenu ? followMenus() : undefined;
  return () => {
    stop?.();
    stopFront();
    stopMenus?.();
  };
}

/** A command of the system's bar. */
function choose(id: string): void {
  if (!(id in commands) || studio.dialog !== undefined) return;
  const command = inWorkspace(id as CommandId);
  if (isEnabled(command)) command.run();
}

function followMenus(): () => void {
  const listening = new AbortController();
  const { signal } = listening;
  let typing = false;
  let last = '';
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stop: (() => void) | undefined;
  const soon = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      tell();
    }, MENUS_AFTER_MS);
  };

  /** Works the menus out once; the first change of anything they were worked out from asks for the next time. */
  function tell(): void {
    stop?.();
    stop = $effect.root(() => {
      let told = false;
      $effect(() => {
        if (told) return soon();
        told = true;
        const menus = systemMenus(typing);
        const text = JSON.stringify(menus);
        if (text === last) return;
        last = text;
        void askSystem('menus.show', menus);
      });
    });
  }

  const focused = (event: Event): void => {
    const now = event.type === 'focusin' && isTyping(event.target);
    if (now === typing) return;
    typing = now;
    soon();
  };
  window.addEventListener('focusin', focused, { signal });
  window.addEventListener('focusout', focused, { signal });
  tell();
  return () => {
    listening.abort();
    clearTimeout(timer);
    stop?.();
  };
}
