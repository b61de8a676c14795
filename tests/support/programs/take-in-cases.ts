import { testBackend, testIntake } from '../backend.ts';

// Takes in case after case in the folder named on the command line and says each reference once it is saved, until it
// is ended from outside.
const { client } = await testBackend({ dataDir: process.argv[2] ?? '' });
for (;;) {
  const { reference } = await client.cases.create(testIntake());
  process.stdout.write(`${reference}\n`);
}
