export async function GET(request, { params }) {
  return Response.json({ greeting: `Hello, ${params.name}!` });
}
