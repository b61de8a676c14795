import type { Command } from 'commander';

/** Ways to every command that has none below it. */
export function pathsOf(command: Command, before: readonly string[] = []): string[][] {
  const own = command.commands.filter((one) => one.name() !== 'help');
  return [[...before], ...own.flatMap((one) => pathsOf(one, [...before, one.name()]))];
}

/** What is left of a text without what stands in the brackets of the pseudo-language. */
export function outside(text: string): string {
  const less = text.replaceAll(/⟦[^⟦⟧]*⟧/g, '');
  return less === text ? text : outside(less);
}

/** Words of a help text that are neither ours nor names: commander's headings, options, values, files. */
export function strayWords(help: string): string[] {
  return (
    outside(help)
      .replaceAll(/^(Usage:.*|Options:|Arguments:|Commands:)$/gm, '')
      .replaceAll(/display\s+help\s+for\s+command/g, '')
      .replaceAll(/\((default|env|choices):[^)]*\)/g, '')
      // names of commands and arguments, then options with what they take
      .replaceAll(/^ {2}[a-z][\w|-]*( \[[a-z.]+\]| <[^>]+>)*/gm, '')
      .replaceAll(/--?[a-z][a-z0-9-]*(, --[a-z-]+)?( <[^>]+>)?/g, '')
      .replaceAll(/\b(model\.onnx|manifest\.json)\b/g, '')
      .match(/\p{L}{2,}/gu) ?? []
  );
}
