/** The compiled `WebAssembly.Module`, where the host or its bundler imports one: for `provideModules`. */
declare const module: object;
export default module;
