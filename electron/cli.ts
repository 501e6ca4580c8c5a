#!/usr/bin/env node
/** The shell door. Its words are a public contract; see the README for examples. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { createHost, type Host, type HostOptions } from './host.ts';
import { colorizeFile, type ColorizeWords } from './shell/colorize.ts';
import { examine } from './shell/doctor.ts';
import { refineWords, synthesiseFace, type FaceWords } from './shell/face.ts';
import { drawLinesFile } from './shell/lines.ts';
import { addModel, listModels, removeModel, verifyModels } from './shell/models.ts';
import { benchMachine } from './shell/bench.ts';
import { measureQuality } from './shell/measure.ts';
import { createReporter, type Reporter } from './shell/report.ts';
import { serveUntil } from './shell/serve.ts';
import { collect, oneOf, onOff, PROVIDER_CHOICES, wholeNumber } from './shell/words.ts';
import { FACE_SPACES } from './face/parts.ts';
import { DEFAULT_REFINEMENT } from './face/session.ts';
import type { ProviderChoice } from './engine/types.ts';

interface CommonWords {
  readonly json?: boolean;
  readonly provider?: ProviderChoice;
  readonly threads?: number;
}

const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const)
  process.on(name, () => {
    if (stop.signal.aborted) process.exit(130);
    stop.abort();
  });

// A reader that has seen enough (`inkwash doctor | head -1`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

/** Runs one command with a host; turns what it throws into one line and an exit code. */
async function withHost(
  words: CommonWords,
  work: (host: Host, reporter: Reporter, signal: AbortSignal) => Promise<unknown>,
  more: HostOptions = {},
): Promise<void> {
  const reporter = createReporter({ json: words.json ?? false });
  let host: Host | undefined;
  try {
    const options: HostOptions = {
      ...more,
      ...(words.provider && { provider: words.provider }),
      ...(words.threads && { threads: words.threads }),
    };
    host = await createHost(options);
    if ((await work(host, reporter, stop.signal)) === false) process.exitCode = 1;
  } catch (thrown) {
    process.exitCode = reporter.fail(thrown);
  } finally {
    reporter.done();
    await host?.close();
  }
}

function engineWords(command: Command): Command {
  return command
    .option('--provider <name>', `what computes: ${PROVIDER_CHOICES.join(', ')}`, oneOf(PROVIDER_CHOICES))
    .option('--threads <n>', 'processor threads', wholeNumber(1, 64));
}

const HINTS_HELP = `
A hints file says which colour belongs where, and which place of a reference a place takes its colour from:
  {"hints": [{"x": 420, "y": 310, "colour": "#d04030"},
             {"points": [[100, 900], [180, 940]], "colour": "#3060a0"}],
   "pins":  [{"x": 640, "y": 300, "reference": 1, "u": 0.25, "v": 0.4}]}
x, y and points are pixels of the full-size drawing; reference counts the --reference pictures from 1; u and v are
places on it, from 0 at its left and top edge to 1 at its right and bottom edge.
`;

const program = new Command('inkwash')
  .description('Colours line art from reference pictures, into layers you can edit, offline.')
  .showHelpAfterError(false)
  .showSuggestionAfterError(false)
  .exitOverride()
  .configureOutput({
    outputError: (text, write) =>
      write(
        `inkwash: ${text
          .replace(/^error: /, '')
          .trim()
          .replaceAll('\n', ' ')}\n`,
      ),
  });

engineWords(program.command('colorize'))
  .description('colour one drawing from reference pictures')
  .argument('<art>', 'the drawing: PNG, JPEG, WebP or TIFF')
  .option('--reference <img>', 'a picture whose colours to use; may be given several times', collect)
  .option(
    '--method <id>',
    'inkwash, scft, nerk or palette, or the id of a model you added (default: inkwash, where it is installed)',
  )
  .option('--palette <colors>', 'colours like #aabbcc,#ddeeff, or a picture whose palette to use')
  .option('--hints <file>', 'a JSON file of hints and pins, see below')
  .addOption(new Option('--regions <on|off>', 'flat colours by region').argParser(onOff).default(true, 'on'))
  .option(
    '--gap <n>',
    'close gaps in lines up to N pixels (default: by the drawing’s lines)',
    wholeNumber(0, 64),
  )
  .option('--size <px>', 'model size: 256, 512 or 768', (text) => Number(oneOf(['256', '512', '768'])(text)))
  .option('--out <file>', 'where to save: .png (flattened), .psd or .ora (layers)')
  .option('--layers <dir>', 'also save every layer as a PNG in this folder')
  .option('--json', 'one JSON object a line')
  .addHelpText('after', HINTS_HELP)
  .action((art: string, words: ColorizeWords & CommonWords) =>
    withHost(words, (host, reporter, signal) => colorizeFile(host, art, words, reporter, signal)),
  );

engineWords(program.command('face'))
  .description('a realistic face from a sketch')
  .argument('<sketch>', 'the sketch, any size and paper, or a photograph')
  .option(
    '--refine <amount>',
    `0 my line to 1 known faces; for all, or parts like left-eye=1,nose=0.4 (default: ${DEFAULT_REFINEMENT})`,
    refineWords,
  )
  .option('--space <name>', `which known faces: ${FACE_SPACES.join(', ')}`, oneOf(FACE_SPACES))
  .option('--neighbours <k>', 'how many known faces each part is projected onto', wholeNumber(1, 64))
  .option('--out <file>', 'where to save (.png)')
  .option('--shadow <file>', 'also save the shadow of the known faces nearest to it (.png)')
  .option('--json', 'one JSON object a line')
  .action((sketch: string, words: FaceWords & CommonWords) =>
    withHost(words, (host, reporter, signal) => synthesiseFace(host, sketch, words, reporter, signal)),
  );

program
  .command('lines')
  .description('line drawing from a colour picture or scan')
  .argument('<img>')
  .option('--out <file>', 'where to save (.png)')
  .option('--json', 'one JSON object a line')
  .action((picture: string, words: { out?: string } & CommonWords) =>
    withHost(words, (host, reporter, signal) => drawLinesFile(host, picture, words, reporter, signal)),
  );

engineWords(program.command('serve'))
  .description('open the studio in a browser, on this machine only')
  .option('--port <n>', 'port (0: any free one)', wholeNumber(0, 65535), 0)
  .option('--open', 'open the browser')
  .option('--json', 'one JSON object a line')
  .action((words: { port: number; open?: boolean } & CommonWords) =>
    withHost(
      words,
      (host, reporter, signal) =>
        serveUntil(host, { port: words.port, open: words.open ?? false }, reporter, signal),
      { followSettings: true },
    ),
  );

const models = program.command('models').description('installed models');
models
  .command('list')
  .option('--json', 'one JSON object a line')
  .action((words: CommonWords) =>
    withHost(words, async (host, reporter) => {
      listModels(host, reporter);
      return host.registry.problems.length === 0;
    }),
  );
models
  .command('verify')
  .option('--json', 'one JSON object a line')
  .action((words: CommonWords) => withHost(words, verifyModels));
models
  .command('add')
  .description('add the model in a pack file')
  .argument('<file>', 'a model pack (.zip)')
  .option('--json', 'one JSON object a line')
  .action((file: string, words: CommonWords) =>
    withHost(words, (host, reporter, signal) => addModel(host, file, reporter, signal)),
  );
models
  .command('remove')
  .description('remove a model you added')
  .argument('<id>')
  .option('--json', 'one JSON object a line')
  .action((id: string, words: CommonWords) =>
    withHost(words, (host, reporter) => removeModel(host, id, reporter)),
  );

engineWords(program.command('quality'))
  .description('image metrics of the installed models on a folder of pairs')
  .option('--data <dir>', 'a folder with pairs.tsv (default: the set that ships with Inkwash)')
  .option('--method <id>', 'only this method')
  .option('--json', 'one JSON object a line')
  .action((words: { data?: string; method?: string } & CommonWords) =>
    withHost(words, (host, reporter, signal) => measureQuality(host, words, reporter, signal)),
  );

engineWords(program.command('bench'))
  .description('times and memory on this machine')
  .option('--json', 'one JSON object a line')
  .action((words: CommonWords) =>
    withHost(words, (host, reporter, signal) => benchMachine(host, reporter, signal)),
  );

engineWords(program.command('doctor'))
  .description('providers found, tried and chosen; models; versions')
  .option('--json', 'one JSON object a line')
  .action((words: CommonWords) => withHost(words, examine));

for (const command of [...program.commands, ...models.commands]) command.copyInheritedSettings(program);

try {
  await program.parseAsync();
} catch (thrown) {
  if (thrown instanceof CommanderError || thrown instanceof InvalidArgumentError)
    process.exitCode = thrown.exitCode === 0 ? 0 : 2;
  else throw thrown;
}
