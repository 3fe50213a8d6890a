use crate::nav::{self, Page};
use crate::title::title;

/// What all pages have around what is their own.
pub fn html(page: &Page) -> String {
    format!(
        "<!doctype html>
<html lang=\"en\">
  <head>
    <meta charset=\"utf-8\">
    <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">
    <title>{label} - {title}</title>
    <link rel=\"icon\" href=\"data:,\">
    <link rel=\"stylesheet\" href=\"/style.css\">
  </head>
  <body>
    <header><h1>{title}</h1>{nav}</header>
    <main>{body}</main>
  </body>
</html>
",
        label = page.label,
        title = title(),
        nav = nav::html(page),
        body = (page.body)(),
    )
}
