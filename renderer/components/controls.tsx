import { useId, type ButtonHTMLAttributes, type ReactElement, type ReactNode } from 'react';
import type { Sentence } from '../../shared/language/sentence.ts';
import { useLanguage } from '../language/language.ts';
import type { Problem } from '../transport/problem.ts';
import { Icon } from './icon.tsx';

interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'disabled'> {
  readonly look?: 'primary' | 'plain' | 'danger' | 'square';
  /** Switched off, but still reachable by keyboard, so that focus is never lost. */
  readonly off?: boolean;
}

/** A push button; when `off` it stays focusable and does nothing. */
export function Button({ look, off, className, onClick, type = 'button', ...rest }: ButtonProps): ReactElement {
  return (
    <button
      {...rest}
      type={type}
      className={['button', look === 'square' ? 'plain square' : look, className].filter(Boolean).join(' ')}
      aria-disabled={off === true ? true : undefined}
      onClick={(event) => {
        if (off === true) event.preventDefault();
        else onClick?.(event);
      }}
    />
  );
}

interface Choice<V extends string> {
  readonly value: V;
  readonly label: string;
  readonly quiet?: boolean;
}

interface SegmentedProps<V extends string> {
  readonly name: string;
  readonly choices: readonly Choice<V>[];
  readonly value: V | null;
  readonly onChange: (value: V) => void;
  readonly size?: 'compact' | 'large';
  /** Name of the group; leave out when a surrounding radiogroup has it. */
  readonly label?: string;
  readonly labelledBy?: string;
}

/** A few choices side by side, as radio buttons: arrow keys move, one is chosen. */
export function Segmented<V extends string>(props: SegmentedProps<V>): ReactElement {
  const id = useId();
  return (
    <span
      className={`segmented ${props.size ?? ''}`}
      role="radiogroup"
      aria-label={props.label}
      aria-labelledby={props.labelledBy}
    >
      {props.choices.map((choice) => (
        <label key={choice.value} className={choice.quiet === true ? 'unknown' : undefined}>
          <input
            type="radio"
            name={`${props.name}-${id}`}
            value={choice.value}
            checked={props.value === choice.value}
            onChange={() => props.onChange(choice.value)}
          />
          <span className="steady" data-text={choice.label}>
            {choice.label}
          </span>
        </label>
      ))}
    </span>
  );
}

/** What happened, what is safe, what to do; with an action when there is one. */
export function ProblemBox(props: {
  readonly problem: Problem | null;
  readonly children?: ReactNode;
}): ReactElement | null {
  const { say } = useLanguage();
  if (props.problem === null) return null;
  return (
    <div className="error" role="alert">
      <Icon name="care" />
      <p>{say(props.problem.sentence)}</p>
      {props.children !== undefined && <div className="actions">{props.children}</div>}
    </div>
  );
}

/** A message at a field. */
export function FieldError(props: {
  readonly id: string;
  readonly message: Sentence | undefined;
}): ReactElement | null {
  const { say } = useLanguage();
  if (props.message === undefined) return null;
  return (
    <span className="field-error" id={props.id}>
      <Icon name="care" />
      <span>{say(props.message)}</span>
    </span>
  );
}

/** A button that picks one file. */
export function FileButton(props: {
  readonly label: string;
  readonly accept: string;
  readonly off?: boolean;
  readonly onFile: (file: File) => void;
}): ReactElement {
  return (
    <label className="button file-button" aria-disabled={props.off === true ? true : undefined}>
      <Icon name="import" />
      {props.label}
      <input
        type="file"
        accept={props.accept}
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = '';
          if (file !== undefined && props.off !== true) props.onFile(file);
        }}
      />
    </label>
  );
}

/** Page frame: title, a muted line beside it, buttons at the end, then a scrolling body. */
export function Page(props: {
  readonly title: string;
  readonly beside?: string;
  readonly end?: ReactNode;
  readonly children: ReactNode;
  readonly foot?: ReactNode;
}): ReactElement {
  const { say } = useLanguage();
  return (
    <div className="page">
      <header className="toolbar">
        <h1>{props.title}</h1>
        {props.beside !== undefined && <span className="muted">{props.beside}</span>}
        <div className="toolbar-end">{props.end}</div>
      </header>
      <div
        className="pane"
        tabIndex={0}
        role="region"
        aria-label={say('window_frame.contents', { title: props.title })}
      >
        {props.children}
      </div>
      {props.foot}
    </div>
  );
}

/** A titled box. */
export function Panel(props: {
  readonly title: string;
  readonly beside?: ReactNode;
  readonly children: ReactNode;
  readonly className?: string;
}): ReactElement {
  const id = useId();
  return (
    <section className={`panel ${props.className ?? ''}`} aria-labelledby={id}>
      <header>
        <h2 id={id}>{props.title}</h2>
        {props.beside !== undefined && <span className="muted small push">{props.beside}</span>}
      </header>
      {props.children}
    </section>
  );
}
