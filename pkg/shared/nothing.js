// Where a module need not be handed in, there is nothing to do.
export {};
