import { z } from 'zod';

// The content security policy forbids compiling functions from strings. This file is imported before all others,
// since the schemas they declare would try it while they are loaded.
z.config({ jitless: true });
