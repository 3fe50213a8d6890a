import { createStore } from "orbit-hmr/state";

const notes = createStore("notes", ["Edit pages/api/notes.js: the notes stay."]);

export async function GET() {
  return Response.json(notes.get());
}

export async function POST(request) {
  const { text } = await request.json();
  return Response.json(notes.update((all) => [...all, text]));
}
