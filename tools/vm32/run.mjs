// Runs a job on MicroPython's own WebAssembly port: 32-bit words, 31-bit small ints, as the ESP32 has them.
// Usage: node run.mjs MICROPYTHON.mjs < job.json. A job: {heapsize, files: {path: base64}, steps: [source, ...]}.
// This port collects between two calls from outside and at no other time (ports/webassembly/main.c, gc_collect): so a
// script is a list of steps, and what `gc.collect()` frees is free in the next one. A step [name, n] calls a function n times.
import { readFileSync, writeSync } from "node:fs";
import { pathToFileURL } from "node:url";

const { loadMicroPython } = await import(pathToFileURL(process.argv[2]));
const job = JSON.parse(readFileSync(0, "utf8"));
const vm = await loadMicroPython({ heapsize: job.heapsize, stdout: (line) => writeSync(1, line + "\n") });
for (const [path, data] of Object.entries(job.files)) {
  vm.FS.mkdirTree(path.slice(0, path.lastIndexOf("/")) || "/");
  vm.FS.writeFile(path, Buffer.from(data, "base64"));
}
try {
  for (const step of job.steps) {
    if (typeof step === "string") {
      vm.runPython(step);
    } else {
      const called = vm.globals.get(step[0]);
      for (let done = 0; done < step[1]; done++) called();
    }
  }
} catch (error) {
  writeSync(2, `${error.message}\n`);
  process.exit(1);
}
