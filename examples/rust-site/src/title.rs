/// What stands at the top of every page. Change it, and save.
pub fn title() -> &'static str {
    "Pages of Rust"
}
