// A stylesheet: it is imported for what it does, and gives nothing. TypeScript 6 asks for the types of such imports.
export {};
