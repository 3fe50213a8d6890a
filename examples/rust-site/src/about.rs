pub fn body() -> String {
    "<p>A crate without dependencies has made these pages. Its program runs after each build that was good.</p>".into()
}
