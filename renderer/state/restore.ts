import type { DrawingInfo } from '../../electron/contract/table.ts';
import { texts } from '../app/texts.ts';
import { forgetKept } from './colour-record.ts';
import { documents } from './documents.svelte.ts';
import type { OpenDocument } from './open-document.svelte.ts';
import { HostError } from './host-client.ts';
import { keptFaces } from './face-kept.svelte.ts';
import { face } from './face.svelte.ts';
import { notices } from './notices.svelte.ts';
import { recovery } from './recovery.svelte.ts';
import { references } from './references.svelte.ts';
import { host } from './session.svelte.ts';

/** Opens everything again in the host's new room after a lost connection, and brings back what was painted. */
export async function restoreRoom(): Promise<void> {
  keptFaces.forget();
  void face.relink();
  try {
    forgetKept();
    await recovery.begin();
    await restoreSample();
    for (const reference of references.list) {
      if (!reference.source) continue;
      const { name } = reference.info;
      const bytes = new Uint8Array(await reference.source.arrayBuffer());
      const path = window.inkwash?.pathOf(reference.source);
      const info = await host.call('reference.add', { name, bytes, ...(path && { path }) });
      references.replace(reference, info);
    }
    for (const document of documents.list) {
      if (document.isNew || document.source) await document.relink(await openAgain(document));
    }
    if (documents.list.length > 0) notices.info(texts.connection.restored);
  } catch (thrown) {
    notices.failure(thrown);
  }
}

/** A drawing as its file has it, or blank where that can't be read any more: what was painted is put over either. */
async function openAgain({ info, source, path }: OpenDocument): Promise<DrawingInfo> {
  const { name, widthPx, heightPx, dpi } = info;
  try {
    // A file that was saved over can't be read by what was chosen or dropped, only by its place.
    if (path !== undefined) return await host.call('drawing.open', await host.call('file.read', { path }));
    if (source)
      return await host.call('drawing.open', { name, bytes: new Uint8Array(await source.arrayBuffer()) });
  } catch (thrown) {
    if (thrown instanceof HostError && thrown.kind === 'connection') throw thrown;
  }
  return host.call('painting.new', { name, widthPx, heightPx, dpi, paper: false });
}

async function restoreSample(): Promise<void> {
  const drawing = documents.list.find(({ source, isNew }) => !source && !isNew);
  const old = references.list.filter(({ source }) => !source);
  if (!drawing && old.length === 0) return;
  const sample = await host.call('sample.open', {});
  if (drawing) await drawing.relink(sample.drawing);
  else await host.call('drawing.close', { documentId: sample.drawing.documentId });
  for (const info of sample.references) {
    const reference = old.find((other) => other.info.name === info.name);
    if (reference) references.replace(reference, info);
    else await host.call('reference.remove', { referenceId: info.referenceId });
  }
}
