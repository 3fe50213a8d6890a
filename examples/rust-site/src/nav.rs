use crate::{about, home};

/// A page of the site.
pub struct Page {
    /// Of its file, without what stands behind the dot.
    pub name: &'static str,
    pub label: &'static str,
    pub body: fn() -> String,
}

pub const PAGES: &[Page] = &[
    Page { name: "index", label: "Home", body: home::body },
    Page { name: "about", label: "About", body: about::body },
];

/// Links to all pages, in which the one that is shown is marked.
pub fn html(shown: &Page) -> String {
    let links: String = PAGES
        .iter()
        .map(|page| {
            let mark = if page.name == shown.name { " aria-current=\"page\"" } else { "" };
            format!("<a href=\"/{}.html\"{mark}>{}</a>", page.name, page.label)
        })
        .collect();
    format!("<nav>{links}</nav>")
}
