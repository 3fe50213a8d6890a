//! Renders the page of the seed catalogue into `site/`.

include!(concat!(env!("OUT_DIR"), "/components.rs"));

fn main() -> std::io::Result<()> {
    let page = Page {
        hint: "Search for a plant",
        plants: vec![
            Plant { name: "Radish", days: 28, is_new: false },
            Plant { name: "Lettuce", days: 50, is_new: false },
            Plant { name: "Oca", days: 180, is_new: true },
        ],
    };
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Seed catalogue</title>\n{STYLES}</head>\n<body>\n{}</body>\n</html>\n",
        page.render()
    );
    std::fs::create_dir_all("site")?;
    std::fs::write("site/index.html", html)
}

/// Text as it may stand in HTML.
fn escape(text: impl ToString) -> String {
    text.to_string()
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}
