import { texts } from '../app/texts.ts';
import { documents } from './documents.svelte.ts';
import { firstMinute } from './first-minute.svelte.ts';
import { notices } from './notices.svelte.ts';

const ACCEPTED = '.png,.jpg,.jpeg,.webp,.tif,.tiff,image/png,image/jpeg,image/webp,image/tiff';
const ACCEPTED_DRAWINGS = `${ACCEPTED},.ora,.psd,.psb`;
const PICTURE_NAME = /\.(png|jpe?g|webp|tiff?|ora|psd|psb)$/i;

/** Asks for picture files; for drawings also layered ones. Resolves with none when the dialog is dismissed. */
export function chooseFiles(multiple: boolean, drawings = false): Promise<File[]> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = drawings ? ACCEPTED_DRAWINGS : ACCEPTED;
    input.multiple = multiple;
    input.addEventListener('change', () => resolve([...(input.files ?? [])]), { once: true });
    input.addEventListener('cancel', () => resolve([]), { once: true });
    input.click();
  });
}

/** The pictures among dropped or pasted things; for the rest one notice. */
export function picturesIn(data: DataTransfer | null): File[] {
  const files = [...(data?.files ?? [])];
  const pictures = files.filter((file) => PICTURE_NAME.test(file.name) || file.type.startsWith('image/'));
  const others = files.filter((file) => !pictures.includes(file));
  if (others.length > 0) notices.error(texts.notices.notPictures(others.map(({ name }) => name).join(', ')));
  return pictures;
}

export async function openDrawings(files: readonly File[]): Promise<void> {
  if (files.length > 0) firstMinute.inviteDrawing = false;
  for (const file of files) await documents.open(file);
}
