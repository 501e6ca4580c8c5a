import { picturesIn } from '../../state/pictures.ts';
import { keptFaces, type KeptFace } from '../../state/face-kept.svelte.ts';

/** What a kept face is while it is dragged. */
const KEPT_TYPE = 'application/x-inkwash-face';

interface Target {
  /** Something that may be dropped is over the element, or no longer. */
  readonly over: (over: boolean) => void;
  readonly drop: (file: File) => void;
  /** Left out where kept faces mean nothing. */
  readonly dropKept?: (kept: KeptFace) => void;
}

export function carryKept(event: DragEvent, kept: KeptFace): void {
  event.dataTransfer?.setData(KEPT_TYPE, String(kept.number));
}

/** Takes pictures and kept faces dropped on the element; nothing else of the window hears of them. */
export function droppedHere({ over, drop, dropKept }: Target): (element: HTMLElement) => () => void {
  return (element) => {
    const listening = new AbortController();
    const { signal } = listening;
    const takes = (event: DragEvent): boolean =>
      ['Files', ...(dropKept ? [KEPT_TYPE] : [])].some((type) => event.dataTransfer?.types.includes(type));
    element.addEventListener(
      'dragover',
      (event) => {
        if (!takes(event)) return;
        event.preventDefault();
        event.stopPropagation();
        event.dataTransfer!.dropEffect = 'copy';
        over(true);
      },
      { signal },
    );
    element.addEventListener(
      'dragleave',
      (event) => {
        if (!(event.relatedTarget instanceof Node && element.contains(event.relatedTarget))) over(false);
      },
      { signal },
    );
    element.addEventListener(
      'drop',
      (event) => {
        if (!takes(event)) return;
        event.preventDefault();
        event.stopPropagation();
        over(false);
        const number = Number(event.dataTransfer?.getData(KEPT_TYPE) || Number.NaN);
        const kept = keptFaces.list.find((other) => other.number === number);
        if (kept) dropKept?.(kept);
        else {
          const [file] = picturesIn(event.dataTransfer);
          if (file) drop(file);
        }
      },
      { signal },
    );
    return () => listening.abort();
  };
}
