/// What a press of the button makes of the count. Change it, and save.
pub fn next(count: i32) -> i32 {
    count + 1
}
