// It is imported for what it does (entries/wasm.d.ts), and gives nothing.
export {};
