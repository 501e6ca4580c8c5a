import { documents } from './documents.svelte.ts';
import { firstMinute } from './first-minute.svelte.ts';
import { notices } from './notices.svelte.ts';
import { host } from './session.svelte.ts';
import { askSystem } from './system.ts';
import { workspaces } from './workspace.svelte.ts';

/** Opens the files the system was asked to open with Inkwash: by the command line, a file manager or the Dock. */
export async function openSystemFiles(): Promise<void> {
  const taken = await askSystem('files.take', {});
  for (const path of taken?.paths ?? []) {
    firstMinute.inviteDrawing = false;
    workspaces.current = 'paint';
    await openPlace(path);
  }
}

async function openPlace(place: string): Promise<void> {
  documents.opening = true;
  try {
    const { name, bytes, path } = await host.call('file.read', { path: place });
    await documents.open(new File([new Uint8Array(bytes)], name), path);
  } catch (thrown) {
    notices.failure(thrown);
  } finally {
    documents.opening = false;
  }
}
