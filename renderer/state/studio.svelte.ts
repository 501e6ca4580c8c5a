import { remember, remembered } from './remembered.ts';

export type Tool = 'hand' | 'zoom' | 'rotate' | 'lens';
export type Theme = 'dark' | 'light';

/** How this window is set up: tool in hand, what is shown. Nothing of it belongs to a document. */
class Studio {
  tool = $state<Tool>('hand');
  /** A tool held by its key (Space, Alt, H, Z, R) for the moment. */
  heldTool = $state<Tool | undefined>(undefined);
  readonly activeTool = $derived(this.heldTool ?? this.tool);
  docksHidden = $state(false);
  comparing = $state(false);
  /** Where the wipe stands, as a part of the stage's width. */
  comparePart = $state(0.5);
  paper = $state<'white' | 'checker'>(remembered('paper', 'white'));
  theme = $state<Theme>(remembered('theme', 'dark'));
  dialog = $state<'about' | 'shortcuts' | undefined>(undefined);

  setTheme(theme: Theme): void {
    this.theme = theme;
    remember('theme', theme);
    document.documentElement.dataset['theme'] = theme;
  }

  setPaper(paper: 'white' | 'checker'): void {
    this.paper = paper;
    remember('paper', paper);
  }
}

export const studio = new Studio();
