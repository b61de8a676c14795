import { useEffect, useRef, type InputHTMLAttributes, type ReactElement, type ReactNode } from 'react';
import type { Sentence } from '../../../shared/language/sentence.ts';
import { Icon } from '../../components/icon.tsx';
import { LabelledRow } from '../../components/labelled-row.tsx';
import { useLanguage } from '../../language/language.ts';

/** The single card of an entry page. */
export function Card(props: {
  readonly title: string;
  readonly more?: string;
  readonly children: ReactNode;
}): ReactElement {
  const { say } = useLanguage();
  const card = useRef<HTMLElement>(null);
  useEffect(() => {
    // Coming from another card, the focus would be lost with it.
    if (card.current?.contains(document.activeElement) !== true) card.current?.querySelector('h1')?.focus();
    document.title = say('window_frame.window_title', { page: props.title });
  }, [props.title, say]);
  return (
    <main className="entry">
      <section className="entry-card" ref={card} aria-labelledby="entry-title">
        <header>
          <Icon name="mark" />
          <h1 id="entry-title" tabIndex={-1}>
            {props.title}
          </h1>
          {props.more !== undefined && <p className="muted">{props.more}</p>}
        </header>
        {props.children}
      </section>
    </main>
  );
}

interface LineProps extends InputHTMLAttributes<HTMLInputElement> {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly error: Sentence | undefined;
  /** Counts failed tries; each takes the focus to this field when it is the wrong one. */
  readonly tries?: number;
  readonly first?: boolean;
  /** For what is copied sign by sign. */
  readonly mono?: boolean;
}

/** One labelled input of an entry page; it takes the focus when it comes first, or was wrong. */
export function Line({
  id,
  label,
  hint,
  error,
  tries = 0,
  first = false,
  mono = false,
  ...input
}: LineProps): ReactElement {
  const field = useRef<HTMLInputElement>(null);
  const wrong = error !== undefined;
  useEffect(() => {
    if (first || (wrong && tries > 0)) field.current?.focus();
  }, [first, wrong, tries]);
  return (
    <LabelledRow look="above" id={id} label={label} hint={hint} error={error}>
      {(described) => <input {...input} {...described} ref={field} className={mono ? 'input mono' : 'input'} />}
    </LabelledRow>
  );
}
