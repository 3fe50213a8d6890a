const TOPICS: [&str; 3] = ["Ownership", "Lifetimes", "Traits"];

pub fn body() -> String {
    let topics: String = TOPICS.iter().map(|topic| format!("<li>{topic}</li>")).collect();
    format!(
        "<p>Type something below, edit a file in <code>src/</code>, and save: what you have typed stays.</p>
      <label>Note <input id=\"note\" placeholder=\"not saved anywhere\"></label>
      <ul>{topics}</ul>"
    )
}
