import { cards } from "./cards.js";

const template = document.querySelector("#card");
const news = document.querySelector("#news");
const articlesByRoute = new Map();

for (const card of cards) {
  const article = template.content.firstElementChild.cloneNode(true);
  const [before, file, after] = card.invite;
  article.querySelector("h2").textContent = card.title;
  article.querySelector(".method").textContent = card.calls[0].method;
  article.querySelector(".url").textContent = card.calls[0].url;
  article.querySelector(".invitation").append(before, codeOf(file), after);
  article.querySelector(".buttons").append(...card.calls.map((call) => buttonFor(call, article)));
  document.querySelector("#cards").append(article);
  articlesByRoute.set(card.route, article);
}

// In development the page hears of every save.
window.apiHMR?.on("route-updated", ({ routePath, filePath, ms }) => {
  news.textContent = `${filePath} is live after ${Math.round(ms)} ms. Call it again.`;
  for (const [route, article] of articlesByRoute) article.classList.toggle("is-updated", route === routePath);
});

function codeOf(text) {
  const code = document.createElement("code");
  code.textContent = text;
  return code;
}

function buttonFor(call, article) {
  const button = document.createElement("button");
  const output = article.querySelector("output");
  button.type = "button";
  button.textContent = call.label;
  button.addEventListener("click", () => (call.isStream ? listen(call, output) : ask(call, output)));
  return button;
}

async function ask({ method, url, body }, output) {
  output.textContent = "Waiting …";
  try {
    const response = await fetch(url, {
      method,
      ...(body && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    });
    show(output, (await response.text()) || "Done.", response.ok);
  } catch (error) {
    show(output, `The server did not answer: ${error.message}`, false);
  }
}

function listen({ url }, output) {
  output.source?.close();
  output.source = new EventSource(url);
  output.source.addEventListener("message", (event) => show(output, event.data, true));
  output.source.addEventListener("error", () => show(output, "The stream is interrupted.", false));
}

function show(output, text, isOk) {
  output.classList.toggle("is-error", !isOk);
  output.textContent = text;
}
