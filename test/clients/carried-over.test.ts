import { test } from "vitest";

/** A resource whose own statement reads nothing that changed goes on when another line of its file is edited. */
const LAWS = [
  "a pool of pg stays open when another line of its file is edited, and keeps its connections",
  "a connected client of pg stays open when another line of its file is edited",
  "a pool of pg is opened again when its own statement is edited",
  "a pool of pg is opened again when what its statement reads is edited in another file",
  "a client of ioredis stays open when another line of its file is edited",
  "a subscriber of ioredis stays open, and messages are handled once, by the new code",
  "a socket server of ws stays open when another line is edited, and its clients stay connected",
  "a job of croner goes on when another line of its file is edited",
  "a named job of croner goes on when another line of its file is edited: nobody refuses its name",
  "what is carried over is closed once, with the last generation that has it",
];

// oxlint-disable-next-line vitest/warn-todo, vitest/valid-title -- laws of what is not built yet
for (const law of LAWS) test.todo(law);
