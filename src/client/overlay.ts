import { hubOf } from "./page-hub.ts";
import { Overlay } from "./overlay/overlay.ts";

const hub = hubOf(window);
if (hub !== undefined) {
  const overlay = new Overlay({
    opensByItself: hub.showsOverlay,
    openInEditor({ error: { file = "", line, column } }) {
      if (!hub.isReached) return overlay.say("The server cannot be reached.");
      void hub.reached.then((link) => link.send("orbit:open-in-editor", { file, line, column }));
    },
  });
  void hub.reached.then((link) =>
    link.on("orbit:editor", ({ problem }) => {
      if (problem !== undefined) overlay.say(problem);
    }),
  );
  hub.problems.showIn((state) => overlay.show(state));
}
