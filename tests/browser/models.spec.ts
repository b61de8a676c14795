import { join } from 'node:path';
import { expect, test } from './fixtures.ts';
import { TOP } from './hosts.ts';
import { PAGES } from './pages.ts';

const modelsPage = PAGES.find(({ name }) => name === 'models')!;

test('the models page leads with a sentence, and brings what a dry run found into view', async ({ stage, demo }) => {
  const page = await stage.open(await demo.freshAddress());
  await page.setViewportSize({ width: 1024, height: 640 });
  await modelsPage.open(page);
  await expect(page.getByRole('region', { name: 'The model in use' })).toContainText(
    /scores now, since .* of 100 scams/,
  );
  await page
    .getByRole('button', { name: /^Dry run of/ })
    .first()
    .click();
  const result = page.getByRole('status').getByText(/would get another verdict/);
  await expect(result).toBeInViewport();
  await expect(page.getByRole('heading', { level: 1, name: 'Models' })).toBeInViewport();
});

test('an import says when a file is no model, and what became of one that is', async ({ stage, demo }) => {
  const page = await stage.open(await demo.freshAddress());
  await modelsPage.open(page);
  await page.getByRole('button', { name: 'Import model' }).click();
  const sheet = page.getByRole('dialog', { name: 'Import a model file' });
  await sheet
    .getByLabel('Model file')
    .setInputFiles({ name: 'cases.csv', mimeType: 'text/csv', buffer: Buffer.from('case,score\n1,0.5\n') });
  await sheet.getByLabel('Manifest file').setInputFiles(join(TOP, 'models', 'manifest.json'));
  await sheet.getByRole('button', { name: 'Check and import' }).click();
  await expect(sheet.getByRole('alert')).toContainText('is no model');
  await expect(sheet.getByRole('alert')).toContainText('Choose the .onnx file');
  await sheet.getByLabel('Model file').setInputFiles(join(TOP, 'models', 'model.onnx'));
  await expect(sheet.getByRole('alert')).toHaveCount(0);
  await sheet.getByRole('button', { name: 'Check and import' }).click();
  await expect(sheet.getByRole('status')).toContainText('was checked and is on this laptop');
});
