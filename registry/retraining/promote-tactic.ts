import type { TacticGroup } from '../../shared/domain/tactic-groups.ts';
import { synonymsOf } from '../../shared/domain/tactic-groups.ts';
import { tagText } from '../../shared/domain/tactics.ts';
import type { Attribute, FeatureSchema } from '../../shared/encoding/schema.ts';
import { sha256Hex } from '../../shared/log/canonical.ts';

/** Column name of a promoted tactic; tags in other scripts are named by their hash, since columns are ASCII. */
function columnName(tag: string): string {
  const ascii = tag.replace(/[^a-z0-9_]/g, '');
  return `tactic_${ascii === tag ? tag : sha256Hex(tag).slice(0, 12)}`.slice(0, 60);
}

function attributeOf(group: TacticGroup, version: number): Attribute {
  const text = tagText(group.tag);
  return {
    kind: 'tactic',
    name: columnName(group.tag),
    tag: group.tag,
    label: text.charAt(0).toUpperCase() + text.slice(1),
    question: `Was this tactic used: ${text}?`,
    group: 'telling',
    shareable: true,
    since: version,
    says: { yes: text, no: `no ${text} recorded` },
  };
}

/**
 * Next version of a schema in which the given tactics are features and understood, and their spellings synonyms.
 * Everything issued before stays as it was; groups whose tag is a feature already only add spellings.
 */
export function promoteTactics(schema: FeatureSchema, groups: readonly TacticGroup[]): FeatureSchema {
  const version = schema.version + 1;
  const features = new Set(schema.attributes.flatMap((a) => (a.kind === 'tactic' ? [a.tag] : [])));
  const added = groups.filter((g) => !features.has(g.tag)).map((g) => attributeOf(g, version));
  return {
    ...schema,
    version,
    attributes: [...schema.attributes, ...added],
    understoodTactics: [...new Set([...schema.understoodTactics, ...groups.map((g) => g.tag)])],
    synonyms: synonymsOf(groups, schema.synonyms),
  };
}
