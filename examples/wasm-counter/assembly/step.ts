/** What a press of the button makes of the count. Change it, and save. */
export function next(count: i32): i32 {
  return count + 1;
}
