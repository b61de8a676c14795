import type { SchemaTexts } from '../../../shared/encoding/schema-texts.ts';
import type { ReactElement, ReactNode } from 'react';
import type { FeatureSchema } from '../../../shared/encoding/schema.ts';
import type { Draft, Problems } from './draft.ts';

/** What the intake form is built from. */
export interface FormData {
  readonly schema: FeatureSchema;
  readonly hash: string;
  /** What the attributes of the schema are called. */
  readonly texts: readonly SchemaTexts[];
  readonly tactics: readonly { readonly tag: string; readonly cases: number; readonly understood: boolean }[];
  readonly currencies: readonly string[];
  readonly nextReference: string;
}

export interface FieldsProps {
  readonly draft: Draft;
  readonly set: (change: Partial<Draft>) => void;
  readonly form: FormData;
  readonly problems: Problems;
  readonly editing: boolean;
}

/** A titled block of the form. */
export function Block(props: {
  readonly id: string;
  readonly title: string;
  readonly beside?: string;
  readonly children: ReactNode;
}): ReactElement {
  return (
    <section className="block" aria-labelledby={props.id}>
      <h2 id={props.id}>
        {props.title} {props.beside !== undefined && <span className="muted">{props.beside}</span>}
      </h2>
      {props.children}
    </section>
  );
}
