import { useRef, type ReactElement } from 'react';
import { useLanguage } from '../../language/language.ts';
import { clampShare, usualShare } from '../../stores/view.ts';

/** The divider between list and case: drag it, or move it with the arrow keys. */
export function Divider(props: { readonly share: number; readonly onChange: (share: number) => void }): ReactElement {
  const { say } = useLanguage();
  const dragging = useRef(false);
  const { share, onChange } = props;
  return (
    <div
      className="divider"
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={say('window_queue.width')}
      aria-valuenow={share}
      aria-valuemin={35}
      aria-valuemax={70}
      onPointerDown={(event) => {
        dragging.current = true;
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        const box = event.currentTarget.parentElement?.getBoundingClientRect();
        if (dragging.current && box !== undefined) onChange(clampShare(((event.clientX - box.left) / box.width) * 100));
      }}
      onPointerUp={() => (dragging.current = false)}
      onPointerCancel={() => (dragging.current = false)}
      onDoubleClick={() => onChange(usualShare)}
      onKeyDown={(event) => {
        const step = event.key === 'ArrowLeft' ? -2 : event.key === 'ArrowRight' ? 2 : 0;
        if (step === 0) return;
        event.preventDefault();
        onChange(clampShare(share + step));
      }}
    />
  );
}
