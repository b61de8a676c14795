import { lockFolder } from '../../../platform/folder-lock.ts';

// Takes the folder named on the command line, says so, and holds it until it is ended from outside. What is not kept
// would be collected, and the lock with it.
const lock = lockFolder(process.argv[2] ?? '', process.pid, Date.parse('2026-10-05T09:00:00.000Z'));
process.stdout.write('held\n');
setInterval(() => lock, 1000);
