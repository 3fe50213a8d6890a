mod handover;
mod step;

use std::sync::atomic::{AtomicI32, Ordering::Relaxed};

static COUNT: AtomicI32 = AtomicI32::new(0);

/// What is shown.
#[no_mangle]
pub extern "C" fn shown() -> i32 {
    COUNT.load(Relaxed)
}

/// What the next press will make of it.
#[no_mangle]
pub extern "C" fn ahead() -> i32 {
    step::next(shown())
}

#[no_mangle]
pub extern "C" fn press() {
    COUNT.store(ahead(), Relaxed);
}

fn main() {}
