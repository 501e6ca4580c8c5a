import { texts } from '../app/texts.ts';
import { forgetKept } from './colour-record.ts';
import { documents } from './documents.svelte.ts';
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
      references.replace(reference, await host.call('reference.add', { name, bytes }));
    }
    for (const document of documents.list) {
      const { name, widthPx, heightPx, dpi } = document.info;
      if (document.isNew)
        await document.relink(
          await host.call('painting.new', { name, widthPx, heightPx, dpi, paper: false }),
        );
      if (!document.source) continue;
      const bytes = new Uint8Array(await document.source.arrayBuffer());
      await document.relink(await host.call('drawing.open', { name, bytes }));
    }
    if (documents.list.length > 0) notices.info(texts.connection.restored);
  } catch (thrown) {
    notices.failure(thrown);
  }
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
