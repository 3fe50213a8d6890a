//! Compiles `src/components/*.orbit` to Rust: each template becomes a function that draws it, all styles one constant.
//!
//! What a component system has to do for hot reload is two attributes: `data-orbit-c` on the root element of a component, and
//! `data-orbit-style` on its style sheet, both with the name of its module.

use std::{env, fs, path::Path};

fn main() {
    println!("cargo:rerun-if-changed=src/components");
    let mut code = String::new();
    let mut styles = String::new();
    let mut files: Vec<_> = fs::read_dir("src/components").unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files.iter().filter(|file| file.extension().is_some_and(|extension| extension == "orbit")) {
        println!("cargo:rerun-if-changed={}", file.display());
        let text = fs::read_to_string(file).unwrap().replace("\r\n", "\n");
        let stem = file.file_stem().unwrap().to_str().unwrap();
        let id = format!("components/{stem}");
        let name = stem[..1].to_uppercase() + &stem[1..];
        code += section(&text, "code");
        code += &format!("impl {name} {{\n    pub fn render(&self) -> String {{\n        let mut out = String::new();\n");
        code += &compile(section(&text, "template").trim(), &id);
        code += "        out\n    }\n}\n";
        styles += &format!(
            "<style data-orbit-style=\"{id}\">@scope ([data-orbit-c=\"{id}\"]) to (:scope [data-orbit-c]) {{{}}}</style>\n",
            section(&text, "style")
        );
    }
    code += &format!("const STYLES: &str = {styles:?};\n");
    fs::write(Path::new(&env::var("OUT_DIR").unwrap()).join("components.rs"), code).unwrap();
}

/// What stands in a section.
fn section<'a>(text: &'a str, tag: &str) -> &'a str {
    let Some(start) = text.find(&format!("<{tag}")) else { return "" };
    let start = start + text[start..].find('>').unwrap() + 1;
    let end = text.rfind(&format!("</{tag}>")).unwrap_or_else(|| panic!("expected </{tag}>"));
    &text[start..end]
}

/// The statements that draw a template.
fn compile(mut rest: &str, id: &str) -> String {
    let mut code = String::new();
    let mut open: Vec<usize> = Vec::new();
    let mut is_root = true;
    while !rest.is_empty() {
        if let Some(expression) = rest.strip_prefix("{{") {
            let (inner, after) = expression.split_once("}}").expect("expected }}");
            code += &format!("out += &escape({});\n", inner.trim());
            rest = after;
        } else if let Some(tag) = rest.strip_prefix("</") {
            let (name, after) = tag.split_once('>').expect("expected >");
            code += &literal(&format!("</{name}>"));
            code += &"}\n".repeat(open.pop().expect("nothing is open"));
            rest = after;
        } else if let Some(tag) = rest.strip_prefix('<') {
            let (head, after) = split_tag(tag);
            let (statements, blocks, is_open) = compile_tag(head, is_root.then_some(id));
            code += &statements;
            if is_open {
                open.push(blocks);
            } else {
                code += &"}\n".repeat(blocks);
            }
            is_root = false;
            rest = after;
        } else {
            let end = [rest.find('<'), rest.find("{{")].into_iter().flatten().min().unwrap_or(rest.len());
            code += &literal(&rest[..end]);
            rest = &rest[end..];
        }
    }
    code
}

/// A tag up to its end, which may not stand in a value.
fn split_tag(tag: &str) -> (&str, &str) {
    let mut is_quoted = false;
    for (index, letter) in tag.char_indices() {
        match letter {
            '"' => is_quoted = !is_quoted,
            '>' if !is_quoted => return (&tag[..index], &tag[index + 1..]),
            _ => {}
        }
    }
    panic!("expected > after <{tag}");
}

/// The statements for a tag, how many blocks they open, and whether an end tag follows.
fn compile_tag(head: &str, root_id: Option<&str>) -> (String, usize, bool) {
    let is_closed = head.ends_with('/');
    let head = head.trim_end_matches('/').trim();
    let (name, mut rest) = head.split_once(char::is_whitespace).unwrap_or((head, ""));
    let mut attributes = Vec::new();
    while let Some((key, after)) = rest.split_once("=\"") {
        let (value, after) = after.split_once('"').expect("expected \"");
        attributes.push((key.trim(), value));
        rest = after;
    }
    let mut code = String::new();
    let mut blocks = 0;
    for (key, value) in &attributes {
        match *key {
            "v-if" => code += &format!("if {value} {{\n"),
            "v-for" => code += &format!("for {value} {{\n"),
            _ => continue,
        }
        blocks += 1;
    }
    if name.starts_with(char::is_uppercase) {
        let fields: Vec<_> = attributes
            .iter()
            .filter(|(key, _)| !key.starts_with("v-"))
            .map(|(key, value)| match key.strip_prefix(':') {
                Some(field) => format!("{field}: {value}"),
                None => format!("{key}: {value:?}"),
            })
            .collect();
        code += &format!("out += &{name} {{ {} }}.render();\n", fields.join(", "));
        return (code, blocks, false);
    }
    code += &literal(&format!("<{name}"));
    if let Some(id) = root_id {
        code += &literal(&format!(" data-orbit-c=\"{id}\""));
    }
    for (key, value) in attributes.iter().filter(|(key, _)| !key.starts_with("v-")) {
        match key.strip_prefix(':') {
            Some(key) => code += &format!("out += &format!(\" {key}=\\\"{{}}\\\"\", escape({value}));\n"),
            None => code += &literal(&format!(" {key}=\"{value}\"")),
        }
    }
    code += &literal(">");
    let is_void = ["input", "br", "hr", "img"].contains(&name);
    (code, blocks, !is_closed && !is_void)
}

fn literal(text: &str) -> String {
    format!("out += {text:?};\n")
}
