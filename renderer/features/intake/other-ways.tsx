import type { ReactElement } from 'react';
import { Button } from '../../components/controls.tsx';
import { Icon } from '../../components/icon.tsx';
import { go } from '../../hooks/router.ts';
import { useLanguage } from '../../language/language.ts';

/** Other ways for cases to come in: many at once from a file, or on paper first. */
export function OtherWays(): ReactElement {
  const { say } = useLanguage();
  return (
    <>
      <Button look="plain" onClick={() => go({ page: 'import' })}>
        <Icon name="import" />
        {say('window_import.link')}
      </Button>
      <Button look="plain" onClick={() => go({ page: 'sheet' })}>
        <Icon name="print" />
        {say('window_intake.sheet_link')}
      </Button>
    </>
  );
}
