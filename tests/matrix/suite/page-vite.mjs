// Vite, as its users start it: alone and under a framework.

export const VITE = "8.4.0";

export const vite = {
  dependencies: { vite: VITE },
  build: (project, options) => project.run("vite", ["build"], options),
  develop: (project, port) => project.start("vite", ["--port", String(port), "--strictPort"], { url: `http://localhost:${port}/` }),
};
