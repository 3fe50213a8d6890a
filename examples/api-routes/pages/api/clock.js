const encoder = new TextEncoder();

/** Server-sent events: one a second, until the browser leaves. */
export async function GET(request) {
  let ticks = 0;
  const events = new ReadableStream({
    start(controller) {
      const tick = () => {
        ticks += 1;
        controller.enqueue(encoder.encode(`data: ${JSON.stringify({ ticks, time: timeOfDay() })}\n\n`));
      };
      tick();
      const timer = setInterval(tick, 1000);
      request.signal.addEventListener("abort", () => clearInterval(timer));
    },
  });
  return new Response(events, {
    headers: { "content-type": "text/event-stream", "cache-control": "no-store" },
  });
}

function timeOfDay() {
  return new Date().toLocaleTimeString("en-GB");
}
