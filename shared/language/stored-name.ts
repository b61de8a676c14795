/**
 * Marks words that are data, as a name in stored or signed data (an id, a seed, what a model is called) or a text that cells
 * hold: they are the same in every language, and what people read is said by a code of its own.
 */
export const storedName = String.raw;
