import type { ReactElement, ReactNode } from 'react';
import type { Sentence } from '../../shared/language/sentence.ts';
import { FieldError } from './controls.tsx';

/** What a control says of its row, to be spread onto it. */
interface Described {
  readonly id: string;
  readonly 'aria-invalid': true | undefined;
  readonly 'aria-describedby': string | undefined;
}

/**
 * One line of the intake (`form`), of the settings (`setting`) or of an entry page (`above`): a label, what it labels, a hint
 * and a message. `id` is that of the control; a `group` of controls is named by the label instead, whose id ends in `-label`.
 */
export function LabelledRow(props: {
  readonly look: 'form' | 'setting' | 'above';
  readonly id: string;
  readonly label: string;
  readonly group?: boolean;
  readonly hint?: string | undefined;
  readonly error?: Sentence | undefined;
  readonly children: ReactNode | ((described: Described) => ReactNode);
}): ReactElement {
  const { id, look, hint, error, children } = props;
  const wrong = error !== undefined;
  const described: Described = {
    id,
    'aria-invalid': wrong || undefined,
    'aria-describedby': wrong || hint !== undefined ? `${id}-more` : undefined,
  };
  const group = props.group === true ? { role: 'group', 'aria-labelledby': `${id}-label` } : {};
  return (
    <div className={`labelled ${look}`}>
      {props.group === true ? (
        <span className="label" id={`${id}-label`}>
          {props.label}
        </span>
      ) : (
        <label className="label" htmlFor={id}>
          {props.label}
        </label>
      )}
      <div className="field" {...group}>
        {typeof children === 'function' ? children(described) : children}
      </div>
      {(wrong || hint !== undefined) && (
        <div className="more small muted" id={`${id}-more`}>
          {wrong ? <FieldError id={`${id}-error`} message={error} /> : hint}
        </div>
      )}
    </div>
  );
}
