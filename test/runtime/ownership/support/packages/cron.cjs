"use strict";

/* A scheduler as packages have them: a chain of timeouts, and one listener for all jobs of the process. */
let isListening = false;

exports.schedule = function schedule(ms, run) {
  let timer;
  const next = () => {
    timer = setTimeout(() => {
      run();
      next();
    }, ms);
  };
  next();
  if (!isListening) {
    isListening = true;
    process.on("orbit-cron-exit", () => undefined);
  }
  return { stop: () => clearTimeout(timer) };
};

/* Set once, when the package is loaded. */
exports.heartbeat = setInterval(() => undefined, 1000);
exports.heartbeat.unref();
