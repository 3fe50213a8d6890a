export async function GET(request, { params }) {
  return Response.json({ folders: params.path.slice(0, -1), file: params.path.at(-1) });
}
