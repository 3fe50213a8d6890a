//! Writes the pages of the site into `site/`.

mod about;
mod home;
mod layout;
mod nav;
mod title;

use std::{fs, io};

fn main() -> io::Result<()> {
    fs::create_dir_all("site")?;
    fs::write("site/style.css", include_str!("style.css"))?;
    for page in nav::PAGES {
        fs::write(format!("site/{}.html", page.name), layout::html(page))?;
    }
    Ok(())
}
