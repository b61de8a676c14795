import type { TacticGroup } from '../../shared/domain/tactic-groups.ts';
import { synonymsOf } from '../../shared/domain/tactic-groups.ts';
import type { SchemaIssuer } from '../../shared/domain/schema-ref.ts';
import { childSchema } from '../../shared/encoding/extend-schema.ts';
import type { Attribute, FeatureSchema } from '../../shared/encoding/schema.ts';
import { sha256Hex } from '../../shared/log/canonical.ts';

/** Column name of a promoted tactic; tags in other scripts are named by their hash, since columns are ASCII. */
function columnName(tag: string): string {
  const ascii = tag.replace(/[^a-z0-9_]/g, '');
  return `tactic_${ascii === tag ? tag : sha256Hex(tag).slice(0, 12)}`.slice(0, 60);
}

function attributeOf(group: TacticGroup, version: number): Attribute {
  return {
    kind: 'tactic',
    name: columnName(group.tag),
    tag: group.tag,
    group: 'telling',
    shareable: true,
    since: version,
  };
}

/**
 * Next version of a schema, issued by a registry (SHA-256 of its first root), in which the given tactics are features and
 * understood, and their spellings synonyms. Everything issued before stays as it was; groups whose tag is a feature already only add spellings.
 */
export function promoteTactics(
  schema: FeatureSchema,
  groups: readonly TacticGroup[],
  issuer: SchemaIssuer,
  version: number = schema.version + 1,
): FeatureSchema {
  const features = new Set(schema.attributes.flatMap((a) => (a.kind === 'tactic' ? [a.tag] : [])));
  const added = groups.filter((g) => !features.has(g.tag)).map((g) => attributeOf(g, version));
  const understoodTactics = groups.map((g) => g.tag);
  return {
    ...childSchema(schema, issuer, { attributes: added, understoodTactics, synonyms: {} }, version),
    synonyms: synonymsOf(groups, schema.synonyms),
  };
}
